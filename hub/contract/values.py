"""Plain values of the core: a phone, a sum of money, a person, a consent, the clock."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache

import phonenumbers

from hub.contract.numbering import plain_mobile

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The one real clock: aware, UTC."""
    return datetime.now(UTC)


class NotAPhone(ValueError):
    """The text is not a number a message can go to; the argument says why, for a merchant."""


_SEPARATORS = str.maketrans("", "", " \u00a0\u2009\u202f\t.-/()")
_MOBILE = {
    phonenumbers.PhoneNumberType.MOBILE: "mobile",
    phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE: "mobile",
    phonenumbers.PhoneNumberType.FIXED_LINE: "landline",
}
# Numbers that cost much, or that nobody reads: where stolen forms are turned into money.
_REFUSED = {
    phonenumbers.PhoneNumberType.PREMIUM_RATE: "a premium-rate number",
    phonenumbers.PhoneNumberType.SHARED_COST: "a shared-cost number",
    phonenumbers.PhoneNumberType.TOLL_FREE: "a free-call number",
    phonenumbers.PhoneNumberType.VOIP: "an internet telephone number",
    phonenumbers.PhoneNumberType.PERSONAL_NUMBER: "a call-forwarding number",
    phonenumbers.PhoneNumberType.PAGER: "a pager",
    phonenumbers.PhoneNumberType.UAN: "a company's call number",
    phonenumbers.PhoneNumberType.VOICEMAIL: "a voice mailbox",
}
# Codes of no country: satellites and world-wide networks, and the world-wide premium rate.
_SATELLITE = frozenset({870, 878, 881, 882, 883})
_WORLD_PREMIUM = 979

# Ranges that regulators keep for films, books and tests: no one answers there, and phonenumbers
# calls them invalid. Arcep 06 39 98, Ofcom 07700 900.
_RESERVED = (("+3363998", 12, "FR"), ("+447700900", 13, "GB"))


@dataclass(frozen=True, order=True)
class Phone:
    """A number in E.164 ("+33639980123"), its country (ISO 3166) and kind (mobile or landline)."""

    e164: str
    country: str = ""
    kind: str = "mobile"

    def __str__(self) -> str:
        return self.masked

    @property
    def masked(self) -> str:
        """For logs and screens: the country code and the last two digits."""
        return f"{self.e164[:3]}{'*' * max(len(self.e164) - 5, 0)}{self.e164[-2:]}"

    @classmethod
    def parse(cls, raw: str, country: str = "") -> "Phone":
        """A phone typed by a person; `country` is where a national form belongs (ISO 3166).

        Raises NotAPhone with a sentence: letters, hidden characters, short codes, premium
        numbers and anything else a text message must not go to are refused, never guessed.
        """
        return _parse(raw.strip()[:64], country.upper())

    @classmethod
    def of(cls, e164: str) -> "Phone":
        """A phone already known to be E.164, as rows keep it."""
        return _parse(e164, "")


def _digits(raw: str) -> str:
    bare = raw.replace("(0)", "") if raw.startswith(("+", "00")) else raw
    digits = bare.translate(_SEPARATORS)
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    body = digits.removeprefix("+")
    if not body:
        raise NotAPhone("No phone number was given.")
    if not (body.isascii() and body.isdigit()):
        raise NotAPhone("The phone number has characters that no phone number has.")
    return digits


@lru_cache(maxsize=100_000)
def _parse(raw: str, country: str) -> Phone:
    digits = _digits(raw)
    if not digits.startswith("+") and not country:
        raise NotAPhone("The phone number has no country code, and no country is known.")
    plain = plain_mobile(digits, country)
    return Phone(*plain, "mobile") if plain else read_slowly(digits, country)


def read_slowly(digits: str, country: str) -> Phone:
    """The whole way, for what is not plainly a mobile. Raises NotAPhone."""
    if reserved := _reserved(digits):
        return reserved
    try:
        number = phonenumbers.parse(digits, country or None)
    except phonenumbers.NumberParseException:
        raise NotAPhone("This is not a phone number of its country.") from None
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if reserved := _reserved(e164):
        return reserved
    kind = _kind_of(number)
    return Phone(e164, phonenumbers.region_code_for_number(number) or "", kind)


def _reserved(e164: str) -> Phone | None:
    for prefix, length, region in _RESERVED:
        if e164.startswith(prefix) and len(e164) == length:
            return Phone(e164, region, "mobile")
    return None


def _kind_of(number: phonenumbers.PhoneNumber) -> str:
    """Mobile or landline. Raises NotAPhone for every other kind, each in its own words."""
    if number.country_code in _SATELLITE:
        raise NotAPhone("This is a satellite or world-network number; text messages go to mobiles.")
    if number.country_code == _WORLD_PREMIUM:
        raise NotAPhone("This is a premium-rate number; text messages go to mobiles.")
    if not phonenumbers.is_valid_number(number):
        raise NotAPhone("This is not a phone number of its country.")
    found = phonenumbers.number_type(number)
    if found in _REFUSED:
        raise NotAPhone(f"This is {_REFUSED[found]}; text messages go to mobiles.")
    if found not in _MOBILE:
        raise NotAPhone("A text message cannot go to this kind of number.")
    return _MOBILE[found]


@dataclass(frozen=True)
class Money:
    """An exact amount with its ISO 4217 currency."""

    amount: Decimal
    currency: str

    @classmethod
    def parse(cls, amount: object, currency: str) -> "Money":
        """From a vendor's text ("25.00"). Raises ValueError when it is no finite number."""
        try:
            value = Decimal(str(amount))
        except InvalidOperation:
            raise ValueError(f"«{str(amount)[:20]}» is not an amount of money.") from None
        if not value.is_finite():
            raise ValueError("An amount of money must be a finite number.")
        return cls(value, currency.upper())

    def as_json(self) -> dict[str, str]:
        """The form kept in event data: {"amount": "25.00", "currency": "EUR"}."""
        return {"amount": str(self.amount), "currency": self.currency}


@dataclass(frozen=True)
class Consent:
    """What a record says of marketing consent: granted or withdrawn, where it was said, when.

    Silence is not a Consent: leave it None, and nothing marketing is sent.
    """

    granted: bool
    source: str
    at: datetime
    text: str = ""


@dataclass(frozen=True)
class Person:
    """Who an event is about, as the vendor's record has it; `phone` is raw, `country` its hint.

    `record` is the person's own record ("contact:7"). `look_up` asks the hub to find the phone by
    the e-mail address among the workspace's people, where the record has none.
    """

    phone: str = ""
    country: str = ""
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    language: str = ""
    zone: str = ""
    consent: Consent | None = None
    record: str = ""
    look_up: bool = False
