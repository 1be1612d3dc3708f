"""Which laws are likely to catch a mutant, guessed from its words: a guess saves time, no more."""

from functools import lru_cache

_CLUES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("verify sign secret forged token tampered prefix constant", ("verify-",)),
    ("stale window old late time clock", ("verify-stale",)),
    ("dedupe delivery twice name attempt", ("dedupe-",)),
    ("key", ("pure", "keys", "poll-same", "echo", "enrich-order", "fixtures-parse")),
    ("parse event meaning read", ("fixtures-parse", "pure", "keys", "vocabulary")),
    ("junk crash xml entity nonsense field", ("junk-", "fixtures-parse")),
    ("cursor page poll pull sync since overlap crash", ("poll-",)),
    ("429 throttle limit quota wait", ("fault-429",)),
    ("401 auth token expired", ("fault-401", "renewed", "credentials-wrong")),
    ("500 html unavailable broken", ("fault-500", "fault-garbage", "fault-lost")),
    ("scope 403 right permission", ("scope",)),
    ("check account", ("credentials-", "fault-401")),
    ("exchange assertion grant jwt", ("exchanged", "grant-")),
    ("writ note marker batch record order task outcome", ("write-",)),
    ("again repeat twice duplicate", ("write-twice", "write-interrupted", "write-again")),
    ("echo loop own back self", ("echo", "consent-echo")),
    ("consent opt", ("consent-echo", "echo")),
    ("enrich fetch thin batch association", ("enrich-",)),
    ("unsubscribe removed leaves stop left uninstall", ("removed", "unsubscribe")),
    ("subscribe channel watch webhook renew", ("subscribe", "removed", "heard")),
    ("log quiet secret phone leak", ("quiet-logs",)),
    ("complete action workflow callback block flow step", ("actions", "complete")),
    ("question template option", ("questions", "looks")),
    ("people audience list", ("audience",)),
    ("preview mask", ("looks",)),
    ("coupon code mint honoured shared", ("mint-",)),
    ("send carrier receipt reply", ("send-", "receipts", "replies", "find")),
    ("doubt unsent nothing refusal unknown parcel", ("send-doubt",)),
    ("json believed", ("write-interrupted", "fault-garbage")),
    ("array batch spoil", ("send-refused", "send-batch")),
    ("outage error final overlook", ("fault-500", "credentials-wrong")),
    ("wrote noted past mov", ("echo", "consent-echo")),
    ("rcs card tap suggestion postback carousel picture", ("rcs-",)),
    ("opted bar block", ("blocked",)),
    ("dead number", ("dead-number",)),
    ("unreachable reach", ("no-rcs", "rcs-reach")),
    ("revoke taken back", ("revoked",)),
    ("handshake greet acknowledge repeated anew", ("greeted", "acknowledged", "replay")),
)


def likeness(law: str, hints: str) -> int:
    """How many of the words in `hints` point to this law."""
    return sum(count for laws, count in _pointing(hints) if law.startswith(laws))


@lru_cache(maxsize=64)
def _pointing(hints: str) -> tuple[tuple[tuple[str, ...], int], ...]:
    """What these words point to, read once for all laws: beginnings of names, and how strongly."""
    said = hints.lower()
    counted = ((laws, sum(word in said for word in words.split())) for words, laws in _CLUES)
    return tuple((laws, count) for laws, count in counted if count)
