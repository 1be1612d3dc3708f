"""A quick look at phone numbers: what is plainly a mobile of its country is known by the patterns
of phonenumbers' own tables, at a twentieth of the cost. Everything else goes the whole way."""

import re
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneMetadata

_REFUSED = (
    "premium_rate", "toll_free", "shared_cost", "voip", "personal_number", "pager", "uan",
    "voicemail",
)  # fmt: skip
_NOBODY = "001"  # the region of codes that are no country's
_LONGEST_CODE = 3


@dataclass(frozen=True)
class _Plan:
    """How the numbers of one country look, compiled; `prefix` is dialled within the country."""

    code: str
    region: str
    whole: re.Pattern[str]
    mobile: re.Pattern[str]
    lengths: frozenset[int]
    refused: re.Pattern[str] | None
    prefix: str
    stripped: re.Pattern[str] | None
    abroad: re.Pattern[str] | None

    def holds(self, digits: str) -> bool:
        """Whether this is a mobile and nothing else, as it stands after the country code."""
        if len(digits) not in self.lengths or not self.mobile.fullmatch(digits):
            return False
        if digits.startswith("0") or (self.stripped and self.stripped.match(digits)):
            return False
        return bool(self.whole.fullmatch(digits)) and not (
            self.refused and self.refused.fullmatch(digits)
        )


def plain_mobile(digits: str, country: str) -> tuple[str, str] | None:
    """(E.164, country) of a number given as digits, perhaps after a plus; `country` (ISO 3166) is
    where one without a plus belongs. None wherever the whole way might say something else."""
    if digits.startswith("+"):
        plan = _plan_of_code(digits[1 : 1 + _LONGEST_CODE])
        own = digits[1 + len(plan.code) :] if plan else ""
    else:
        plan = _plan(country)
        own = _within(plan, digits) if plan else ""
    if plan is None or not plan.holds(own):
        return None
    return f"+{plan.code}{own}", plan.region


def _within(plan: _Plan, digits: str) -> str:
    """What is left of a number as it is dialled within its country; empty where it is not plain."""
    if digits.startswith(plan.code) or (plan.abroad and plan.abroad.match(digits)):
        return ""
    if plan.prefix and digits.startswith(plan.prefix):
        return "" if plan.whole.fullmatch(digits) else digits[len(plan.prefix) :]
    return digits


@lru_cache(maxsize=1000)
def _plan_of_code(digits: str) -> _Plan | None:
    """Of the first three digits after the plus."""
    for length in range(1, _LONGEST_CODE + 1):
        regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(_number(digits[:length]))
        if regions:
            return _plan(regions[0])
    return None


def _number(digits: str) -> int:
    return int(digits) if digits and digits[0] != "0" else 0


@lru_cache(maxsize=512)
def _plan(region: str) -> _Plan | None:
    """None for what is no country, and for one that shares its code and is not the first there."""
    known = PhoneMetadata.metadata_for_region(region) if region != _NOBODY else None
    if known is None or known.leading_digits or not (known.mobile and known.general_desc):
        return None
    code = known.country_code or 0
    if not _pattern(known.mobile) or phonenumbers.COUNTRY_CODE_TO_REGION_CODE[code][0] != region:
        return None
    patterns = [_pattern(getattr(known, name)) for name in _REFUSED]
    refused = "|".join(f"(?:{one})" for one in patterns if one)
    parsing = known.national_prefix_for_parsing or ""
    return _Plan(
        code=str(code),
        region=region,
        whole=re.compile(_pattern(known.general_desc)),
        mobile=re.compile(_pattern(known.mobile)),
        lengths=frozenset(known.mobile.possible_length or known.general_desc.possible_length),
        refused=re.compile(refused) if refused else None,
        prefix=parsing if parsing.isdigit() else "",
        stripped=re.compile(parsing) if parsing else None,
        abroad=re.compile(known.international_prefix) if known.international_prefix else None,
    )


def _pattern(kind: phonenumbers.PhoneNumberDesc | None) -> str:
    return (kind.national_number_pattern if kind else "") or ""
