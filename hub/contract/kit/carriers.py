"""What every carrier's simulator has alike: phones that show things, messages to try it with, and
no records of its own."""

from collections import Counter
from collections.abc import Sequence

from uuid6 import uuid7

from hub.contract.kit.handsets import Handsets
from hub.contract.outcomes import Outgoing
from hub.contract.values import Phone


class CarrierSide:
    """The side of a simulator that carriers share; `handsets` are its phones."""

    handsets: Handsets

    def inbox(self, number: str) -> list[str]:
        """The texts a phone shows, parts joined, oldest first."""
        return [shown.text for shown in self.handsets.screen(number)]

    def carried(self, reference: str) -> int:
        """Oracle: how many times a phone showed a message with this reference."""
        return self.handsets.carried(reference)

    def all_carried(self) -> Counter[str]:
        """The same for every reference."""
        return self.handsets.all_carried()

    def outgoing(self, count: int) -> Sequence[Outgoing]:
        """So many SMS to numbers that nobody has."""
        return [
            Outgoing(
                reference=str(uuid7()),
                to=Phone(f"+3363998{at % 10000:04d}", "FR"),
                text=f"Your parcel {at} is on its way.",
                encoding="GSM7",
                marketing=at % 2 == 1,
                sender="MaisonLune",
            )
            for at in range(count)
        ]

    def change(self, count: int) -> None:
        """A carrier has no records to change."""

    def subject(self) -> str:
        """A carrier has no records to write on."""
        return ""

    def written(self, marker: str) -> int:
        """A carrier is told no outcomes."""
        return 0
