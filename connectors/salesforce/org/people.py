"""What people do in the org: contacts, leads, deals, orders, meetings, records of their own."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hub.contract import Clock

from .memory import Memory, Row, stamp

_HOUR = timedelta(hours=1)


@dataclass
class People:
    """Those who work in the org. Whoever makes a record is answered its id."""

    memory: Memory
    clock: Clock

    def create_contact(self, **fields: Any) -> str:
        """Somebody enters a contact."""
        return self._add("Contact", _who() | fields)

    def create_lead(self, **fields: Any) -> str:
        """A lead comes in."""
        return self._add("Lead", {**_who(), "Company": "Example Ltd", **fields})

    def edit(self, number: str, **fields: Any) -> None:
        """A person edits any record."""
        self.memory.change(self.memory.table(number), number, fields)

    def opt_out(self, number: str, ticked: bool = True) -> None:
        """A person ticks, or takes back, the opt-out of a contact or lead."""
        self.edit(number, Relais_SMS_Opt_Out__c=ticked)

    def create_opportunity(self, contact: str = "", **fields: Any) -> str:
        """A deal is opened, with its primary contact."""
        blank = {"Name": "Kitchen", "StageName": "Prospecting", "Amount": 4200.0}
        number = self._add("Opportunity", {**blank, "CloseDate": "2026-07-01", **fields})
        if contact:
            role = {"OpportunityId": number, "ContactId": contact, "IsPrimary": True}
            self._add("OpportunityContactRole", role)
        return number

    def move_opportunity(self, number: str, stage: str) -> None:
        """A deal reaches another stage."""
        self.edit(number, StageName=stage)

    def place_order(self, contact: str = "", **fields: Any) -> str:
        """An order is entered."""
        who = {"BillToContactId": contact} if contact else {}
        blank = {"Status": "Draft", "TotalAmount": 64.9, "EffectiveDate": "2026-06-12"}
        return self._add("Order", {**blank, **who, **fields})

    def book_event(self, contact: str = "", starts: datetime | None = None, **fields: Any) -> str:
        """A meeting is put into the calendar."""
        begin = starts or self.clock() + timedelta(days=2)
        blank = {
            "Subject": "Visit",
            "StartDateTime": stamp(begin),
            "EndDateTime": stamp(begin + _HOUR),
            "Location": "12 Garden Street",
            "IsAllDayEvent": False,
        }
        who = {"WhoId": contact} if contact else {}
        return self._add("Event", {**blank, **who, **fields})

    def move_event(self, number: str, starts: datetime) -> None:
        """A meeting is moved."""
        self.edit(number, StartDateTime=stamp(starts), EndDateTime=stamp(starts + _HOUR))

    def add_record(self, contact: str = "", **fields: Any) -> str:
        """A record of the custom object Visit__c."""
        who = {"Contact__c": contact} if contact else {}
        blank = {"Name": "Roof repair", "Stage__c": "Planned", "Room__c": "Attic"}
        return self._add("Visit__c", {**blank, **who, **fields})

    def delete(self, number: str) -> None:
        """A record goes to the recycle bin; no Outbound Message tells of it."""
        self.memory.remove(self.memory.table(number), number)

    def touch_everything(self) -> None:
        """One record of each kind that can be told of."""
        contact = self.create_contact()
        self.move_opportunity(self.create_opportunity(contact), "Closed Won")
        self.place_order(contact)
        self.book_event(contact)
        self.add_record(contact)
        self.create_lead()

    def _add(self, name: str, fields: Row) -> str:
        return str(self.memory.add(name, fields)["Id"])


def _who() -> Row:
    return {
        "FirstName": "Zoë",
        "LastName": "Martin",
        "Email": "zoe@example.com",
        "MobilePhone": "+33 6 39 98 01 23",
    }
