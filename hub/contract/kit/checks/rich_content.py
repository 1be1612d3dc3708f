"""RCS content: every shape arrives as it was meant, and SMS goes on beside it."""

from collections.abc import Iterator
from dataclasses import replace

from hub.contract.kit.bench import Bench, insist
from hub.contract.kit.checks.carrier_conditions import has_both, has_rcs
from hub.contract.kit.checks.sending import (
    channels_of,
    insist_carried,
    messages,
    send,
    taken,
)
from hub.contract.kit.score import check
from hub.contract.outcomes import Refusal
from hub.contract.rich import (
    AddToCalendar,
    Answer,
    Card,
    Dial,
    Media,
    OpenUrl,
    Rich,
    ShowPlace,
    Suggestion,
)

_PAGE = "https://shop.example.com/basket?id=7&c=b"
_WHEN = ("2026-06-12T14:30:00+02:00", "2026-06-12T15:00:00+02:00")
# A postback of the hub's, as long as they get.
POSTBACK = "p7Xq2mVr9TnKc4Lw8Zs1Hd6Yb3Jf5Ga0Ue7RoPt2"

SUGGESTIONS: dict[str, Suggestion] = {
    "answer": Answer("Yes, keep it", POSTBACK),
    "open": OpenUrl("To the basket", "p-open", _PAGE),
    "dial": Dial("Call the shop", "p-dial", "+33639980100"),
    "place": ShowPlace("Find us", "p-place", 45.764, 4.8357, "Maison Lune, Lyon"),
    "calendar": AddToCalendar("Note it", "p-calendar", "Fitting", *_WHEN, "Bring the invoice"),
}
_VASE = Media("https://shop.example.com/vase.jpg", "image/jpeg")
_LAMP = Media("https://shop.example.com/lamp.png", "image/png", "short")
_KEEP = SUGGESTIONS["answer"]
_MORE = Answer("No", "p-no")


def shapes() -> Iterator[tuple[str, Rich]]:
    """Every shape of content, by what is special in it."""
    yield "text", Rich("Zoé, your basket is waiting: 2 × 19,90 €. Shall we keep it?")
    yield "text", Rich("A long one. " * 60)
    for kind, one in SUGGESTIONS.items():
        yield kind, Rich("Shall we keep it?", suggestions=(one,))
    yield "text", Rich("Shall we keep it?", suggestions=(_KEEP, _MORE, SUGGESTIONS["open"]))
    yield "card", Rich(cards=(Card("Blue vase", "Still here for you.", _VASE),))
    tall = replace(_VASE, height="tall")
    yield "card", Rich(cards=(Card("Blue vase", "", tall, (_KEEP, _MORE)),))
    small = replace(_VASE, thumbnail="https://shop.example.com/small.jpg")
    yield "thumbnail", Rich(cards=(Card("Blue vase", "Still here.", small),))
    yield "below", Rich(cards=(Card("Blue vase", "Still here.", _VASE),), suggestions=(_MORE,))
    yield "carousel", Rich(cards=_cards(2))
    yield "carousel", Rich(cards=_cards(10))
    yield "below carousel", Rich(cards=_cards(3), suggestions=(_KEEP,))


def _cards(count: int) -> tuple[Card, ...]:
    media = (_VASE, replace(_LAMP, height="medium"))
    button = [OpenUrl("Look", f"p-{n}", f"{_PAGE}&n={n}") for n in range(count)]
    return tuple(
        Card(f"Piece {n + 1}", f"{n + 1}9,90 €", media[n % 2], (button[n],)) for n in range(count)
    )


@check(
    "rcs-shapes", "Text, cards, carousels and every suggestion arrive as they were meant", has_rcs
)
def every_shape(bench: Bench) -> None:
    """What the vendor has no form for is refused for good, and nothing of it is shown."""
    without = set(getattr(bench.simulator, "unsupported", ()))
    # A phone makes a thumbnail by itself: where there is no form for one, it may be left out.
    named = [one for one in shapes() if one[0] != "thumbnail" or one[0] not in without]
    going = messages(bench, "rcs", [rich for _, rich in named])
    results = send(bench, going)
    for (kind, rich), message, result in zip(named, going, results, strict=True):
        if kind in without:
            for_good = isinstance(result, Refusal) and result.permanent
            insist(for_good, f"A «{kind}» the vendor has no form for got {result!r:.120}.")
            insist_carried(bench, message, 0)
        else:
            shown = bench.simulator.shown(message.reference)  # type: ignore[attr-defined]
            words = (
                f"Of a {rich.kind} with «{kind}» the phone shows {shown!r:.300} ({result!r:.120})."
            )
            insist(shown == rich, words)
            insist_carried(bench, message, 1)


@check(
    "rcs-beside-sms",
    "Where RCS is set up, an SMS is still an SMS, in one batch with it too",
    has_both,
)
def both(bench: Bench) -> None:
    """What was asked for on one channel never goes by the other."""
    insist("sms" in channels_of(bench), "Where RCS is set up, it carries no SMS any more.")
    rich = messages(bench, "rcs", [Rich("As RCS."), Rich("As RCS too.")])
    plain = list(bench.simulator.outgoing(4))[2:]
    mixed = [plain[0], rich[0], plain[1], rich[1]]
    results = taken(bench, mixed)
    ids = [one.carrier_message_id for one in results]
    insist(len(set(ids)) == len(mixed), "Two messages of a mixed batch have the same id.")
    for message in mixed:
        insist_carried(bench, message, 1)
        shown = bench.simulator.shown(message.reference)  # type: ignore[attr-defined]
        insist(shown == message.rich, f"A message by {message.channel} is shown as {shown!r:.200}.")
