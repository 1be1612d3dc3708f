"""The stories of the shop, each with what the phone and the shop must show afterwards."""

from hub.local.demo.acts import Acts
from hub.local.demo.people import Resident
from hub.local.demo.scene import TOLD, Scene, await_texts

CONFIRMED, REMINDED, REFUNDED, SHIPPED, STOPPED = (
    "est bien enregistrée",
    "panier vous attend",
    "rembours",
    "vient de partir",
    "plus nos offres",
)


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
    await_texts(acts, person, 1)
    return acts.refund(person)


def _complete(acts: Acts, person: Resident) -> str:
    acts.order(person)
    await_texts(acts, person, 1)
    return acts.complete(person)


def _stop(acts: Acts, person: Resident) -> str:
    ordered = acts.order(person)
    await_texts(acts, person, 1)
    acts.answer(person, "STOP")
    await_texts(acts, person, 2)
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
    await_texts(acts, person, 1)
    acts.phones.receipts = "once"
    return ordered


def _no_answer(acts: Acts, person: Resident) -> str:
    acts.phones.faults.plan("lost_after", on="/messages")
    ordered = acts.order(person)
    await_texts(acts, person, 1)
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
