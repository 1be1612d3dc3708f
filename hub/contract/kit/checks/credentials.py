"""Good credentials give the account's label; each wrong one is noticed at once."""

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import quote, urlsplit

from hub.contract import Account, Context, Grant, Keys, Request
from hub.contract.errors import AuthLost, Rejected
from hub.contract.kit.bench import Bench, insist
from hub.contract.kit.checks.conditions import has_grant
from hub.contract.kit.score import check

_JUNK = (b"", b"null", b"[]", b"{}", b'{"user_id":[]}', b"[" * 100_000, b"\xff", b"a=1", b"1")


@check("credentials-good", "With good credentials, check says which account it is")
def good(bench: Bench) -> None:
    """The label is what the merchant recognises."""
    account = bench.connector.check(bench.ctx)
    insist(isinstance(account, Account), "check must answer an Account.")
    label = account.label
    insist(label.strip(), "check returned no account label.")
    insist(not account.lacks, f"With good credentials, check misses: {' '.join(account.lacks)}")
    shown = [name for name, value in bench.secrets.items() if value and value in label]
    insist(not shown, f"The account label shows the secret «{', '.join(shown)}».")


@check("credentials-wrong", "With any wrong credential, check raises AuthLost")
def wrong(bench: Bench) -> None:
    """Wrong and empty, one field at a time."""
    tried = 0
    for given in _given(bench):
        for name in given:
            for value in ("wrong-0000", ""):
                ctx = replace(bench.ctx, secrets={**bench.secrets, **given, name: value})
                insist(_loses(bench, ctx), f"check does not notice a wrong «{name}».")
                tried += 1
    insist(tried, "The simulator's secrets() holds none of the credentials `auth` declares.")


@check("grant-page", "The consent page's address carries our state and our addresses", has_grant)
def grant_page(bench: Bench) -> None:
    """Without the state, keys could be pushed into another merchant's connection."""
    back, callback = "https://hub.example.com/back", "https://hub.example.com/keys"
    url = _grant(bench).url(bench.settings, "state-0001", back, callback)
    insist(urlsplit(url).scheme in ("http", "https"), "The consent page has no web address.")
    for what, text in (("state", "state-0001"), ("return", back), ("callback", callback)):
        insist(quote(text, safe="") in url, f"The consent page's address lacks the {what}.")


@check("grant-junk", "Keys handed in in a form that makes no sense are Rejected", has_grant)
def grant_junk(bench: Bench) -> None:
    """Anybody can call the callback."""
    for body in _JUNK:
        try:
            _grant(bench).read(Request("POST", {"content-type": "application/json"}, body))
        except Rejected:
            continue
        except Exception as error:
            kind = type(error).__name__
            raise AssertionError(f"The grant's read raised {kind} over {body[:20]!r}.") from error
        raise AssertionError(f"The grant's read took {body[:20]!r} for keys.")


def _grant(bench: Bench) -> Grant:
    for way in bench.connector.ways.values():
        if isinstance(way, Keys) and way.grant:
            return way.grant
    raise AssertionError("It has no consent page.")


def _given(bench: Bench) -> Iterator[dict[str, str]]:
    """For each way what every call carries: pasted keys, or the token that stands for them."""
    typed = getattr(bench.simulator, "typed", None)
    for name, way in bench.connector.ways.items():
        pasted = [f.name for f in way.fields if f.required] if isinstance(way, Keys) else []
        known = {**bench.secrets, **(typed(name) if typed and pasted else {})}
        yield {n: known[n] for n in pasted or ["access_token"] if n in known}


def _loses(bench: Bench, ctx: Context) -> bool:
    try:
        bench.connector.check(ctx)
    except AuthLost as error:
        insist(error.words.strip(), "AuthLost was raised without a word.")
        return True
    return False
