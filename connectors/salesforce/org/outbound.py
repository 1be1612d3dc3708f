"""Outbound Messages: SOAP, up to a hundred entries each, sent again until they are acknowledged."""

import itertools
import random
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import requests

from hub.contract import Request

from ..documents import long_id

TRIES, PAUSE, MOST = 4, 0.05, 100
_ACK = ".//{http://soap.sforce.com/2005/09/outbound}Ack"
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"'
    ' xmlns:xsd="http://www.w3.org/2001/XMLSchema"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n'
    ' <soapenv:Body>\n  <notifications xmlns="http://soap.sforce.com/2005/09/outbound">\n'
)


@dataclass(frozen=True)
class Entry:
    """One record to tell of: its entry's own id, its object, its fields as texts."""

    number: str
    table: str
    fields: Mapping[str, str]


@dataclass(frozen=True)
class Sent:
    """What became of one POST; `acknowledged` says whether the answer was the right one."""

    url: str
    body: bytes
    status: int
    acknowledged: bool


def envelope(organization: str, entries: list[Entry]) -> bytes:
    """The SOAP body of an Outbound Message."""
    base = "https://example.my.salesforce.com/services/Soap"
    head = (
        f"   <OrganizationId>{organization}</OrganizationId>\n"
        f"   <ActionId>{long_id('04k8d0000000001')}</ActionId>\n"
        '   <SessionId xsi:nil="true"/>\n'
        f"   <EnterpriseUrl>{base}/c/64.0/{organization[:15]}</EnterpriseUrl>\n"
        f"   <PartnerUrl>{base}/u/64.0/{organization[:15]}</PartnerUrl>\n"
    )
    told = "".join(_entry(one) for one in entries)
    return f"{_HEAD}{head}{told}  </notifications>\n </soapenv:Body>\n</soapenv:Envelope>".encode()


def request(url: str, body: bytes) -> Request:
    """As the hub receives it."""
    split = urlsplit(url)
    headers = {
        "Content-Type": "text/xml; charset=utf-8",
        "SOAPAction": '""',
        "User-Agent": "Salesforce",
    }
    query = dict(parse_qsl(split.query))
    return Request.of("POST", headers, body, query=query, path=split.path, url=url)


@dataclass
class Sender:
    """Posts to loopback addresses only. `twice`, `lose`, `shuffle` are the bad luck; `hold` keeps
    everything back in `waiting`; `gather` entries of one change may share an envelope."""

    organization: str
    twice: bool = False
    lose: int = 0
    shuffle: bool = False
    hold: bool = False
    log: list[Sent] = field(default_factory=list)
    waiting: list[tuple[str, Entry]] = field(default_factory=list)
    _again: list[tuple[str, bytes, int]] = field(default_factory=list)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _busy: int = 0
    _worker: threading.Thread | None = None
    _luck: random.Random = field(default_factory=lambda: random.Random(7))  # noqa: S311
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def tell(self, url: str, table: str, fields: Mapping[str, str]) -> None:
        """Queue one entry for an address."""
        with self._changed:
            number = long_id(f"04l8d{next(self._numbers):010}")
            self.waiting.append((url, Entry(number, table, dict(fields))))
            if self._worker is None and not self.hold:
                self._worker = threading.Thread(target=self._work, name="outbound", daemon=True)
                self._worker.start()
            self._changed.notify_all()

    def flush(self, timeout: float = 30.0) -> bool:
        """Wait until nothing is queued or under way; False when that took too long."""
        until = time.monotonic() + timeout
        with self._changed:
            while self.waiting or self._again or self._busy:
                left = until - time.monotonic()
                if left <= 0:
                    return False
                self._changed.wait(left)
        return True

    def _work(self) -> None:
        while True:
            url, body, tries = self._take()
            if tries:
                time.sleep(PAUSE)
            done = self._post(url, body)
            with self._changed:
                if not done and tries + 1 < TRIES:
                    self._again.append((url, body, tries + 1))
                self._busy -= 1
                self._changed.notify_all()

    def _take(self) -> tuple[str, bytes, int]:
        with self._changed:
            while not (self.waiting or self._again):
                self._changed.wait()
            self._busy += 1
            if not self.waiting or (self._again and self.shuffle):
                return self._again.pop(0)
            url = self.waiting[0][0]
            batch = [one for one in self.waiting if one[0] == url][:MOST]
            self.waiting = [one for one in self.waiting if one not in batch]
            entries = [entry for _, entry in batch]
            if self.shuffle:
                self._luck.shuffle(entries)
            body = envelope(self.organization, entries)
            if self.twice:
                self._again.append((url, body, 0))
            return url, body, 0

    def _post(self, url: str, body: bytes) -> bool:
        if self.lose > 0:
            self.lose -= 1
            self.log.append(Sent(url, body, 0, True))
            return True
        if urlsplit(url).hostname not in ("127.0.0.1", "localhost", "::1"):
            return True
        status, answer = _try(url, request(url, body))
        done = status == 200 and acknowledged(answer)
        self.log.append(Sent(url, body, status, done))
        return done


def acknowledged(answer: bytes) -> bool:
    """Whether this is the answer that ends it: a 200 alone is not."""
    try:
        found = ElementTree.fromstring(answer).find(_ACK)  # noqa: S314  loopback only
    except ElementTree.ParseError:
        return False
    return found is not None and (found.text or "").strip() == "true"


def _try(url: str, one: Request) -> tuple[int, bytes]:
    with requests.Session() as session:
        session.trust_env = False
        headers = {**one.headers, "Connection": "close"}
        try:
            answer = session.post(url, data=one.body, headers=headers, timeout=10)
        except requests.RequestException:
            return 0, b""
        return answer.status_code, answer.content


def _entry(one: Entry) -> str:
    told = "".join(
        f"     <sf:{name}>{escape(value)}</sf:{name}>\n" for name, value in one.fields.items()
    )
    space = 'xmlns:sf="urn:sobject.enterprise.soap.sforce.com"'
    return (
        f"   <Notification>\n    <Id>{one.number}</Id>\n"
        f'    <sObject xsi:type="sf:{one.table}" {space}>\n'
        f"{told}    </sObject>\n   </Notification>\n"
    )


def fields_of(row: Mapping[str, Any]) -> dict[str, str]:
    """What an admin usually chooses to send along."""
    shown = ("Id", "FirstName", "LastName", "MobilePhone", "StageName", "Status", "Subject")
    return {name: str(row[name]) for name in shown if row.get(name)}
