"""What the last reading saw, kept as one text: each row's id, the digest of its content, and how
many of its changes were told."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from hub.contract import Refused

MOST_GONE = 2_000  # rows that left the sheet and may come back: cut, and pasted a minute later


@dataclass(frozen=True)
class Known:
    """A row as last told: `told` changes so far; no digest while it waits for its phone."""

    digest: str
    told: int = 0


@dataclass(frozen=True)
class State:
    """All rows: those in the sheet, those that left it, and the mapping their digests are of."""

    since: str
    mapping: str
    rows: Mapping[str, Known] = field(default_factory=dict)
    gone: Mapping[str, Known] = field(default_factory=dict)

    @property
    def digests(self) -> dict[str, str]:
        """The digest of each row in the sheet."""
        return {identity: known.digest for identity, known in self.rows.items()}

    def known(self, identity: str) -> Known | None:
        """A row that is or was there."""
        return self.rows.get(identity) or self.gone.get(identity)

    def dump(self) -> str:
        """As the hub keeps it: some 25 bytes for each row."""
        gone = dict(list(self.gone.items())[-MOST_GONE:])
        parts = (self.since, self.mapping, _packed(self.rows), _packed(gone))
        return json.dumps(parts, separators=(",", ":"))

    @classmethod
    def load(cls, kept: str) -> "State":
        """From `dump`. Raises Refused where it is none of ours."""
        try:
            since, mapping, rows, gone = json.loads(kept)
            return cls(str(since), str(mapping), _unpacked(rows), _unpacked(gone))
        except (ValueError, TypeError, AttributeError, RecursionError):
            refusal = Refused("The place where reading stopped cannot be read. Resync the sheet.")
        raise refusal


def beginning(now: datetime) -> str:
    """A short name for the moment a reading began, so that a resync never repeats a key."""
    return format(int(now.timestamp()), "x")


def _packed(rows: Mapping[str, Known]) -> str:
    return " ".join(
        f"{identity.removeprefix('r-')}:{known.digest}{f':{known.told}' if known.told else ''}"
        for identity, known in rows.items()
    )


def _unpacked(packed: str) -> dict[str, Known]:
    found = {}
    for entry in packed.split():
        identity, digest, *told = entry.split(":")
        found[f"r-{identity}"] = Known(digest, int(told[0]) if told else 0)
    return found
