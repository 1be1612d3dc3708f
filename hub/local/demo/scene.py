"""A story of `hub demo --once`: what is done, and what must stand everywhere afterwards."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from hub.contract.kit.handsets import Kind
from hub.local.demo.acts import Acts
from hub.local.demo.people import Resident
from hub.local.demo.town import Town
from hub.local.demo.waiting import NeverCame, wait_for

Play = Callable[[Acts, Resident], str]
Check = Callable[[Town, Resident], Iterator[str]]
TOLD = {"sent": 1, "delivered": 1}
PATIENCE = 30.0  # seconds


def _all_is_well(town: Town, person: Resident) -> Iterator[str]:
    yield from ()


@dataclass(frozen=True)
class Scene:
    """One story: what is done, the words of each text the phone must show, the notes by kind that
    the order must carry, and the reason of each message that must not go. `handset` is what the
    person's phone can receive; `check` looks at the other systems' own records and yields what is
    wrong there."""

    title: str
    play: Play
    texts: tuple[str, ...] = ()
    notes: Mapping[str, int] = field(default_factory=dict)
    refusals: tuple[str, ...] = ()
    person: Mapping[str, object] = field(default_factory=dict)
    alone: bool = False
    handset: Kind = "unreachable"
    check: Check = _all_is_well

    def cast(self, number: int) -> Resident:
        """The person of this story, whom no other story knows."""
        phone = f"+33 6 39 98 00 {number:02}"
        zoe = Resident(f"zoe-{number}", "Zoë", "Martin", phone, "fr", handset=self.handset)
        return replace(zoe, **self.person)  # type: ignore[arg-type]


def await_texts(acts: Acts, person: Resident, count: int) -> None:
    """Until the phone shows so many. Raises NeverCame."""
    if not wait_for(lambda: len(acts.phones.inbox(person.number)) >= count, PATIENCE):
        raise NeverCame(
            f"Text {count} did not reach {person.slug}'s phone within {PATIENCE:.0f} s."
        )
