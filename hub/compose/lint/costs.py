"""Findings about money: more parts than allowed, values that make every character dear."""

from hub.compose.lint.case import Case, Check
from hub.compose.lint.findings import Bill
from hub.compose.segments import room_of


def costs(case: Case, bill: Bill) -> Check:
    """What the bill shows."""
    yield from _parts(case, bill)
    yield from _costly_values(case, bill)
    yield from _lacking(case, bill)


def _parts(case: Case, bill: Bill) -> Check:
    largest, allowed = bill.largest.count, case.words.max_parts
    if largest.parts > allowed:
        over = largest.units - room_of(largest.encoding, allowed)
        yield case.finding(
            "error",
            "too_many_parts",
            f"With long values this takes {largest.parts} parts and {allowed} may be sent: "
            f"{over} characters too many. Shorten it, cut a variable with truncate_gsm, or allow "
            "more parts.",
            names={"parts": str(largest.parts), "allowed": str(allowed), "over": str(over)},
        )
    elif largest.parts > bill.median.count.parts:
        usual = bill.median.count.parts
        yield case.finding(
            "warning",
            "long_values",
            f"Usually {usual} part{'s' * (usual > 1)}, and {largest.parts} with long values. Cut "
            "a variable with truncate_gsm to keep the price.",
            names={"usual": str(usual), "parts": str(largest.parts)},
        )


def _costly_values(case: Case, bill: Bill) -> Check:
    if case.words.transliterate or bill.largest.count.encoding == "GSM7":
        return
    ruler = case.ruler(case.bounds)
    fixed = any(ruler.of(text).costly for _, text in case.fixed)
    if not fixed:
        yield case.finding(
            "warning",
            "costly_values",
            "A name such as Zoë holds characters that make the whole message dearer: a part then "
            "has 70 characters. Let the hub spell them cheaply (transliterate).",
        )


def _lacking(case: Case, bill: Bill) -> Check:
    if not bill.lacking:
        return
    listed = ", ".join(f"«{name}»" for name in bill.lacking)
    yield case.finding(
        "warning",
        "no_value",
        f"{bill.unfilled} of the last {bill.seen} events have no value for {listed}: nothing "
        "would be sent to them. Give a default, or put an «if» around it.",
        names={"events": str(bill.unfilled), "seen": str(bill.seen), "variables": listed},
    )
