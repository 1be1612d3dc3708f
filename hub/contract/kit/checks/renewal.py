"""Tokens run out and rights are taken away: each is told apart, and a fresh token is enough."""

import re
from dataclasses import replace
from typing import Any

from hub.contract import Context, Exchange, OAuth2, utc_now
from hub.contract.errors import AuthLost, ConnectorError, Refused
from hub.contract.http import session
from hub.contract.kit.bench import Bench, insist, on_bench
from hub.contract.kit.checks.calls import Call, calls
from hub.contract.kit.checks.conditions import has_exchange, has_scopes, has_tokens
from hub.contract.kit.score import check
from hub.contract.kit.sealing import sealed
from hub.contract.kit.sign_in import SignIn

_session = session()


@check("renewed", "A token that ran out is told in each call, and a fresh one works", has_tokens)
def renewed(bench: Bench) -> None:
    """The hub renews it when AuthLost is raised, and calls again."""
    ctx, made, sign_in = bench.ctx, calls(bench), _sign_in(bench)
    sign_in.expire()
    for name, call in made.items():
        insist(_loses(call, ctx), f"{name} does not raise AuthLost when its token has run out.")
    token = sign_in.issue()["access_token"]
    fresh = replace(ctx, secrets={**ctx.secrets, "access_token": token})
    for name, call in made.items():
        insist(not _loses(call, fresh), f"{name} does not work with a fresh token.")


@check("exchanged", "Keys become a token that works, and broken keys are told", has_exchange)
def exchanged(bench: Bench) -> None:
    """The token request is made without touching the network."""
    for name, way in bench.connector.ways.items():
        if not isinstance(way, Exchange):
            continue
        typed: dict[str, str] = getattr(bench.simulator, "typed")(name)  # noqa: B009
        status, answer = _exchange(bench, way, typed)
        insist(status == 200, f"«{way.label}»: the vendor refuses the token request: {answer}.")
        kept = {k: str(answer[k]) for k in ("access_token", *way.keeps) if k in answer}
        insist(set(kept) == {"access_token", *way.keeps}, "The token answer lacks what it keeps.")
        bench.connector.check(replace(bench.ctx, secrets={**bench.secrets, **typed, **kept}))
        for field in (one.name for one in way.fields if one.required):
            status, _ = _exchange(bench, way, {**typed, field: "broken-0000"})
            insist(status != 200, f"A token is given for a broken «{field}».")


@check("scope", "A right that lacks is told in words, and is no lost sign-in", has_scopes)
def scope(bench: Bench) -> None:
    """Signing in again would change nothing: the merchant must grant the right."""
    for way in bench.connector.ways.values():
        for one in way.scopes if isinstance(way, OAuth2) else ():
            with on_bench(bench.candidate) as fresh:
                _without(fresh, one)


def _without(bench: Bench, scope: str) -> None:
    made = calls(bench)
    getattr(bench.simulator, "forbid")(scope)  # noqa: B009
    for name, call in made.items():
        try:
            call(bench.ctx)
        except Refused as error:
            named = any(word in error.words.lower() for word in _words(scope))
            insist(named, f"{name} without «{scope}» does not name the right: {error.words:.100}")
        except ConnectorError as error:
            kind = type(error).__name__
            raise AssertionError(f"{name} without «{scope}» raised {kind}, not Refused.") from error


def _words(scope: str) -> list[str]:
    # A right is named by any telling part of it: "contacts" for "crm.objects.contacts.read".
    parts = re.split(r"\W+", scope.lower())
    return [part for part in parts if len(part) > 2 and part not in ("https", "www", "com")]


def _exchange(bench: Bench, way: Exchange, typed: dict[str, str]) -> tuple[int, dict[str, Any]]:
    try:
        with sealed():
            form = dict(way.form(bench.settings, typed, utc_now()))
    except Refused as error:
        shown = [v for v in typed.values() if len(v) > 5 and v in error.words]
        insist(error.words.strip() and not shown, "Keys that cannot be read are told badly.")
        return 0, {}
    answer = _session.post(way.token_url(bench.settings), data=form, timeout=5)
    return answer.status_code, answer.json()


def _loses(call: Call, ctx: Context) -> bool:
    try:
        call(ctx)
    except AuthLost:
        return True
    return False


def _sign_in(bench: Bench) -> SignIn:
    found: SignIn = getattr(bench.simulator, "sign_in")  # noqa: B009
    return found
