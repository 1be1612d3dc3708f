"""A vendor's authorization server for simulators: a consent page, tokens that run out, refresh
tokens that rotate, assertions; strict about redirect addresses, PKCE and codes used twice."""

import base64
import hashlib
import secrets as random
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import escape
from typing import Any
from urllib.parse import urlencode

from hub.contract.assertions import JWT_BEARER
from hub.contract.values import Clock, utc_now

_PAGE = """<!doctype html><title>{title}</title><h1>{title}</h1>
<p>Relais asks for: {scopes}</p>
<a id="approve" href="{yes}">Allow</a> <a id="deny" href="{no}">Deny</a>
"""


@dataclass
class SignIn:
    """The server. `client_id` and `client_secret` are the app's; `extra` is added to each token
    answer; `with_expiry` puts `expires_in` in it; `rotates` makes each refresh token work once.
    `assertion(form)` judges a signed assertion and raises ValueError with the vendor's own words.
    `asked` counts the token requests, the oracle of «renewed once»."""

    title: str = "Simulated vendor"
    client_id: str = "client-simulated-0001"
    client_secret: str = "secret-simulated-client-0001"  # noqa: S105  simulated
    clock: Clock = utc_now
    lasts: float = 1800.0
    rotates: bool = False
    with_expiry: bool = True
    extra: dict[str, Any] = field(default_factory=dict)
    assertion: Callable[[Mapping[str, str]], None] | None = None
    scopes: str = ""
    asked: int = 0
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)
    _access: dict[str, datetime] = field(default_factory=dict)
    _refresh: set[str] = field(default_factory=set)
    _spent: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def page(self, query: Mapping[str, str]) -> tuple[int, str]:
        """The consent page's status and HTML; «Allow» and «Deny» are links back to the hub."""
        back = query.get("redirect_uri", "")
        if query.get("client_id") != self.client_id or not back:
            return 400, "<h1>There is no such app.</h1>"
        if query.get("response_type") != "code" or not query.get("state"):
            return 400, "<h1>response_type and state are required.</h1>"
        code = f"code-{random.token_hex(12)}"
        with self._lock:
            self._codes[code] = dict(query)
        self.scopes = query.get("scope", "")
        state = query["state"]
        yes, no = {"code": code, "state": state}, {"error": "access_denied", "state": state}
        return 200, _PAGE.format(
            title=escape(self.title),
            scopes=escape(self.scopes),
            yes=escape(f"{back}?{urlencode(yes)}"),
            no=escape(f"{back}?{urlencode(no)}"),
        )

    def token(self, form: Mapping[str, str], basic: tuple[str, str] = ("", "")) -> tuple[int, Any]:
        """The token endpoint: status and document. `basic` is the Authorization header's pair."""
        self.asked += 1
        given = {**form}
        if basic[0]:
            given |= {"client_id": basic[0], "client_secret": basic[1]}
        kind = given.get("grant_type", "")
        with self._lock:
            match kind:
                case "authorization_code":
                    return self._from_code(given)
                case "refresh_token":
                    return self._from_refresh(given)
                case "client_credentials":
                    fits = self._is_app(given)
                    return self._answer() if fits else _no("invalid_client", "wrong app")
                case _ if kind == JWT_BEARER and self.assertion is not None:
                    return self._from_assertion(given)
        return _no("unsupported_grant_type", f"{kind[:40]} is not supported")

    def accepts(self, token: str) -> bool:
        """Whether an access token is alive."""
        until = self._access.get(token)
        return until is not None and until > self.clock()

    def issue(self) -> dict[str, str]:
        """Tokens as if a dance had been danced: access_token and refresh_token."""
        with self._lock:
            found = self._answer(refresh=True)[1]
        return {name: found[name] for name in ("access_token", "refresh_token")}

    def expire(self) -> None:
        """Every access token has just run out; refresh tokens go on."""
        self._access.clear()

    def revoke(self) -> None:
        """The merchant takes the consent back: nothing works any more."""
        with self._lock:
            self._access.clear()
            self._refresh.clear()

    def forget(self, token: str) -> bool:
        """The revocation endpoint: whether this token was alive."""
        with self._lock:
            alive = token in self._refresh or token in self._access
            self._refresh.discard(token)
            self._access.pop(token, None)
        return alive

    @property
    def standing(self) -> int:
        """How many refresh tokens are alive: none after a removal."""
        return len(self._refresh)

    def _is_app(self, form: Mapping[str, str]) -> bool:
        secret = form.get("client_secret", "")
        return form.get("client_id") == self.client_id and secret == self.client_secret

    def _from_code(self, form: Mapping[str, str]) -> tuple[int, Any]:
        asked = self._codes.pop(form.get("code", ""), None)
        if asked is None:
            return _no("invalid_grant", "expired authorization code")
        if not self._is_app(form):
            return _no("invalid_client", "invalid client credentials")
        if form.get("redirect_uri") != asked["redirect_uri"]:
            return _no("invalid_grant", "redirect_uri must match")
        challenge = asked.get("code_challenge")
        if challenge and _challenge(form.get("code_verifier", "")) != challenge:
            return _no("invalid_grant", "invalid code verifier")
        return self._answer(refresh=True)

    def _from_refresh(self, form: Mapping[str, str]) -> tuple[int, Any]:
        token = form.get("refresh_token", "")
        if not self._is_app(form):
            return _no("invalid_client", "invalid client credentials")
        if token in self._spent:  # a stolen token: the whole family dies
            self._refresh.clear()
            self._access.clear()
        if token not in self._refresh:
            return _no("invalid_grant", "expired access/refresh token")
        if self.rotates:
            self._refresh.discard(token)
            self._spent.add(token)
        return self._answer(refresh=self.rotates)

    def _from_assertion(self, form: Mapping[str, str]) -> tuple[int, Any]:
        try:
            if self.assertion is not None:
                self.assertion(form)
        except ValueError as error:
            return _no("invalid_grant", str(error))
        return self._answer()

    def _answer(self, refresh: bool = False) -> tuple[int, Any]:
        access = f"at-{random.token_hex(16)}"
        self._access[access] = self.clock() + timedelta(seconds=self.lasts)
        found: dict[str, Any] = {"access_token": access, "token_type": "bearer", **self.extra}
        if self.with_expiry:
            found["expires_in"] = int(self.lasts)
        if refresh:
            found["refresh_token"] = f"rt-{random.token_hex(16)}"
            self._refresh.add(found["refresh_token"])
        return 200, found


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _no(error: str, words: str) -> tuple[int, dict[str, str]]:
    return 400, {"error": error, "error_description": words}
