"""The small stories that `hub demo --once` plays, each with what the phone and the shop must show
afterwards."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from hub.local.demo.acts import Acts
from hub.local.demo.people import Resident
from hub.local.demo.waiting import NeverCame, wait_for

Play = Callable[[Acts, Resident], str]

CONFIRMED, REMINDED, REFUNDED, SHIPPED, STOPPED = (
    "est bien enregistrée",
    "panier vous attend",
    "rembours",
    "vient de partir",
    "plus nos offres",
)
TOLD = {"sent": 1, "delivered": 1}


@dataclass(frozen=True)
class Scene:
    """One story: what is done, the words of each text the phone must show, the notes by kind that
    the order must carry, and the reason of each message that must not go."""

    title: str
    play: Play
    texts: tuple[str, ...] = ()
    notes: Mapping[str, int] = field(default_factory=dict)
    refusals: tuple[str, ...] = ()
    person: Mapping[str, object] = field(default_factory=dict)
    alone: bool = False

    def cast(self, number: int) -> Resident:
        """The person of this story, whom no other story knows."""
        zoe = Resident(
            f"zoe-{number}", "Zoë", "Martin", f"+33 6 39 98 00 {number:02}", "fr", consent=True
        )
        return replace(zoe, **self.person)  # type: ignore[arg-type]


def _await_texts(acts: Acts, person: Resident, count: int) -> None:
    if not wait_for(lambda: len(acts.phones.inbox(person.number)) >= count, 20):
        raise NeverCame(f"Text {count} did not reach {person.slug}'s phone within 20 s.")


def _order(acts: Acts, person: Resident) -> str:
    return acts.order(person)


def _abandon(acts: Acts, person: Resident) -> str:
    return acts.abandon(person)


def _abandon_then_order(acts: Acts, person: Resident) -> str:
    acts.abandon(person)
    acts.shop.flush()
    return acts.order(person)


def _refund(acts: Acts, person: Resident) -> str:
    acts.order(person)
    _await_texts(acts, person, 1)
    return acts.refund(person)


def _complete(acts: Acts, person: Resident) -> str:
    acts.order(person)
    _await_texts(acts, person, 1)
    return acts.complete(person)


def _stop(acts: Acts, person: Resident) -> str:
    ordered = acts.order(person)
    _await_texts(acts, person, 1)
    acts.answer(person, "STOP")
    _await_texts(acts, person, 2)
    acts.answer(person, "STOP")
    acts.phones.flush()
    acts.abandon(person)
    return ordered


def _twice(acts: Acts, person: Resident) -> str:
    acts.shop.deliver_twice()
    ordered = acts.order(person)
    acts.shop.flush()
    acts.shop.deliver_twice(on=False)
    return ordered


def _lost(acts: Acts, person: Resident) -> str:
    acts.shop.lose_next(2)
    return acts.order(person)


def _receipts_twice(acts: Acts, person: Resident) -> str:
    acts.phones.receipts = "twice"
    ordered = acts.order(person)
    _await_texts(acts, person, 1)
    acts.phones.receipts = "once"
    return ordered


def _no_answer(acts: Acts, person: Resident) -> str:
    acts.phones.faults.plan("lost_after", on="/messages")
    ordered = acts.order(person)
    _await_texts(acts, person, 1)
    return ordered


SCENES = (
    Scene("Each delivery comes twice", _twice, (CONFIRMED,), TOLD, alone=True),
    Scene("The deliveries are lost; the poll finds it", _lost, (CONFIRMED,), TOLD, alone=True),
    Scene("Each receipt comes twice", _receipts_twice, (CONFIRMED,), TOLD, alone=True),
    Scene("The carrier's answer is lost", _no_answer, (CONFIRMED,), TOLD, alone=True),
    Scene("An order is placed", _order, (CONFIRMED,), TOLD),
    Scene("A cart is left", _abandon, (REMINDED,)),
    Scene("A cart is left, then ordered", _abandon_then_order, (CONFIRMED,), TOLD,
          refusals=("cancelled",)),
    Scene("An order, no marketing consent", _order, (CONFIRMED,), TOLD,
          person={"consent": False}),
    Scene("A cart, consent never asked", _abandon, refusals=("no_consent",),
          person={"consent": None}),
    Scene("A cart, consent refused", _abandon, refusals=("consent_withdrawn",),
          person={"consent": False}),
    Scene("An order is refunded in part", _refund, (CONFIRMED, REFUNDED),
          {"sent": 2, "delivered": 2}),
    Scene("An order is sent out", _complete, (CONFIRMED, SHIPPED), {"sent": 2, "delivered": 2}),
    Scene("STOP twice, then a cart", _stop, (CONFIRMED, STOPPED),
          {**TOLD, "opted_out": 1, "replied": 1}, refusals=("stopped",)),
    Scene("Updated before created", Acts.check_out, (CONFIRMED,), TOLD),
    Scene("An order without a phone", _order, refusals=("no_phone",), person={"phone": ""}),
    Scene("An order with a landline", _order, refusals=("landline",),
          person={"phone": "+33 1 99 00 12 34"}),
)  # fmt: skip
