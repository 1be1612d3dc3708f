"""Batch writes: a 207's errors go to the inputs they are about, and one bad input fails alone."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hub.contract import Context, Refused

from .client import BATCH
from .documents import identity, part, rows, text

Row = dict[str, Any]
Write = Callable[[Context, str, Sequence[Mapping[str, Any]]], Row]

BAD_INPUT = ("400", "404", "409", "413", "422")


def send(
    ctx: Context, write: Write, kind: str, inputs: Sequence[Mapping[str, Any]]
) -> dict[str, str]:
    """Write all inputs; answers why some were refused, by their id."""
    refused: dict[str, str] = {}
    for at in range(0, len(inputs), BATCH):
        _few(ctx, write, kind, inputs[at : at + BATCH], refused)
    return refused


def _few(
    ctx: Context,
    write: Write,
    kind: str,
    inputs: Sequence[Mapping[str, Any]],
    refused: dict[str, str],
) -> None:
    try:
        answer = write(ctx, kind, inputs)
    except Refused as error:
        if error.code not in BAD_INPUT:
            raise
        if len(inputs) == 1:
            gone = error.code == "404"
            words = f"The record no longer exists at HubSpot ({kind})." if gone else error.words
            refused[str(inputs[0]["id"])] = words
            return
        # The whole batch was refused for one of its inputs: halve it until that one stands alone.
        middle = len(inputs) // 2
        for half in (inputs[:middle], inputs[middle:]):
            _few(ctx, write, kind, half, refused)
        return
    refused |= _errors(answer)


def _errors(answer: Row) -> dict[str, str]:
    found: dict[str, str] = {}
    for error in rows(answer.get("errors")):
        words = (
            f"HubSpot refused it: {text(error.get('category'), 60).lower() or 'no reason given'}."
        )
        if "NOT_FOUND" in text(error.get("category")):
            words = "The contact no longer exists at HubSpot."
        ids = part(error, "context").get("ids")
        for one in ids if isinstance(ids, list) else []:
            found[identity(one)] = words
    return found
