"""The objects and fields of the simulated org, and how their values are judged."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..documents import long_id
from .problems import Problem

_SYSTEM = {
    "Id": "id",
    "CreatedDate": "datetime",
    "LastModifiedDate": "datetime",
    "LastModifiedById": "reference",
    "SystemModstamp": "datetime",
    "IsDeleted": "boolean",
}
_RELAIS = {
    "Relais_SMS_Opt_Out__c": "boolean",
    "Relais_SMS_Status__c": "string:40",
    "Relais_SMS_Origin__c": "string:255",
}


@dataclass
class Thing:
    """One sObject: `fields` by name ("string:255", "date", …), `refers` relationship → field."""

    name: str
    prefix: str
    fields: dict[str, str]
    refers: dict[str, tuple[str, str]] = field(default_factory=dict)
    external: set[str] = field(default_factory=set)

    def field(self, name: str) -> str:
        """A field's own spelling; an empty text where there is none."""
        return self._by_name().get(name.casefold(), "")

    def kind(self, name: str) -> str:
        """A field's type, without its length."""
        return self.fields[name].partition(":")[0]

    def describe(self) -> dict[str, Any]:
        """As the describe resource has it."""
        fields = [
            {
                "name": name,
                "type": kind.partition(":")[0],
                "length": int(kind.partition(":")[2] or 0),
                "externalId": name in self.external,
            }
            for name, kind in self.fields.items()
        ]
        return {"name": self.name, "keyPrefix": self.prefix, "fields": fields}

    def _by_name(self) -> Mapping[str, str]:
        return {name.casefold(): name for name in self.fields}


def things() -> dict[str, Thing]:
    """A fresh org's objects: a standard one, with the fields that the install page asks for."""
    name = {"FirstName": "string:40", "LastName": "string:80", "Email": "string:80"}
    phones = {"MobilePhone": "string:40", "Phone": "string:40"}
    listed = (
        _thing("Organization", "00D", {"Name": "string:80", "IsSandbox": "boolean"}),
        _thing("User", "005", {"Name": "string:121", "Username": "string:80"}),
        _thing(
            "Contact", "003",
            {**name, **phones, "MailingCity": "string:40", "MailingCountry": "string:80",
             "Department": "string:80", "Language__c": "string:40", **_RELAIS},
        ),
        _thing(
            "Lead", "00Q",
            {**name, **phones, "City": "string:40", "Country": "string:80",
             "Company": "string:255", "Language__c": "string:40", **_RELAIS},
        ),
        _thing(
            "Opportunity", "006",
            {"Name": "string:120", "StageName": "string:255", "Amount": "double",
             "CloseDate": "date", "LastStageChangeDate": "datetime", "Description": "string:32000"},
        ),
        _thing(
            "OpportunityContactRole", "00K",
            {"OpportunityId": "reference", "ContactId": "reference", "IsPrimary": "boolean"},
            {"Contact": ("ContactId", "Contact")},
        ),
        _thing(
            "Order", "801",
            {"OrderNumber": "string:30", "Status": "string:40", "TotalAmount": "double",
             "BillToContactId": "reference", "EffectiveDate": "date"},
            {"BillToContact": ("BillToContactId", "Contact")},
        ),
        _thing(
            "Event", "00U",
            {"Subject": "string:255", "StartDateTime": "datetime", "EndDateTime": "datetime",
             "Location": "string:255", "IsAllDayEvent": "boolean", "IsRecurrence": "boolean",
             "WhoId": "reference"},
        ),
        _thing(
            "Task", "00T",
            {"Subject": "string:255", "Description": "string:32000", "Status": "string:40",
             "ActivityDate": "date", "WhoId": "reference", "WhatId": "reference",
             "Relais_Marker__c": "string:50"},
            external={"Relais_Marker__c"},
        ),
        _thing(
            "Visit__c", "a01",
            {"Name": "string:80", "Stage__c": "string:80", "Visit_Date__c": "datetime",
             "Contact__c": "reference", "Mobile__c": "string:40", "Room__c": "string:80"},
            {"Contact__r": ("Contact__c", "Contact")},
        ),
    )  # fmt: skip
    return {one.name: one for one in listed}


def _thing(
    name: str,
    prefix: str,
    fields: dict[str, str],
    refers: dict[str, tuple[str, str]] | None = None,
    external: set[str] | None = None,
) -> Thing:
    return Thing(name, prefix, {**_SYSTEM, **fields}, refers or {}, external or set())


def judged(thing: Thing, given: Mapping[str, Any]) -> dict[str, Any]:
    """The values as they are kept. Raises Problem in the vendor's own words."""
    found = {}
    for typed, value in given.items():
        if typed == "attributes":
            continue
        name = thing.field(typed)
        if not name or name in _SYSTEM:
            words = f"No such column '{typed}' on sobject of type {thing.name}"
            raise Problem("INVALID_FIELD", words, 400)
        found[name] = _value(thing, name, value)
    return found


def _value(thing: Thing, name: str, value: Any) -> Any:
    kind, _, length = thing.fields[name].partition(":")
    if value is None:
        return None
    fits = {
        "string": isinstance(value, str),
        "boolean": isinstance(value, bool),
        "double": isinstance(value, int | float) and not isinstance(value, bool),
        "date": isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value),
        "datetime": isinstance(value, str),
        "reference": isinstance(value, str) and bool(long_id(value)),
    }
    if not fits[kind]:
        if kind == "reference":
            raise Problem("MALFORMED_ID", f"{name}: id value of incorrect type: {value}", 400)
        words = f"Cannot deserialize instance of {kind} from {value!r}"
        raise Problem("JSON_PARSER_ERROR", words, 400)
    if kind == "string" and length and len(value) > int(length):
        words = f"{name}: data value too large: {value[:40]} (max length={length})"
        raise Problem("STRING_TOO_LONG", words, 400, (name,))
    return long_id(value) if kind == "reference" else value
