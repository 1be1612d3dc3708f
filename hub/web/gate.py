"""Who may come in: the names this hub answers to, the proxies it believes, and what every answer
tells browsers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import psycopg
from flask import Flask, Response
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.middleware.proxy_fix import ProxyFix

from hub.config import Settings
from hub.web.api.problems import Problem, respond
from hub.web.landing.hosts import Hosts, plain

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

# Load balancers ask by address, and learn nothing.
_OPEN = frozenset({"/healthz", "/readyz"})
_HERE = frozenset({"localhost", "127.0.0.1", "[::1]"})
_EVERYWHERE = frozenset({"0.0.0.0", "::", ""})  # noqa: S104 - compared, never bound to
_WORDS = (
    "This hub is not known under this name. Its operator can add the name to HUB_TRUSTED_HOSTS, "
    "or set HUB_PUBLIC_URL."
)
# What a browser must not do with an answer that says nothing else itself.
HEADERS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_STRICT = {"Strict-Transport-Security": "max-age=31536000"}


@dataclass(frozen=True)
class Names:
    """The names a request may call this hub by."""

    own: frozenset[str]
    hosts: Hosts

    def knows(self, host: str) -> bool:
        """Whether a Host header is one of ours: the hub's own, or a workspace's link host."""
        name = _bare(host)
        if name in self.own or name.endswith(".localhost") or "*" in self.own:
            return True
        if not name:
            return False
        try:
            return self.hosts.owners(host) is not None
        except (SQLAlchemyError, psycopg.Error, TimeoutError):
            return True  # the doors say better that the database is away; no name opens one


def names_of(settings: Settings) -> frozenset[str]:
    """The hub's own names: told by its operator, its public address, where it listens, loopback."""
    told = {_bare(name.strip()) for name in settings.trusted_hosts.split(",") if name.strip()}
    public = _bare(urlsplit(settings.address).netloc.rpartition("@")[2])
    here = set() if settings.host in _EVERYWHERE else {_bare(settings.host)}
    return frozenset({*told, *here, *_HERE, public})


def guard(app: Flask, settings: Settings, hosts: Hosts) -> None:
    """Stand before all doors of the application: on the bare WSGI call, as each request pays."""
    inner, names = app.wsgi_app, Names(names_of(settings), hosts)
    strict = _STRICT if settings.address.startswith("https://") else {}
    told = [(name.lower(), (name, value)) for name, value in {**HEADERS, **strict}.items()]

    def gated(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            said = {name.lower() for name, _ in headers}
            more = [line for name, line in told if name not in said]
            return start_response(status, [*headers, *more], *error)

        if environ["PATH_INFO"] in _OPEN or names.knows(environ.get("HTTP_HOST", "")):
            return inner(environ, start)
        return _refusal(environ["PATH_INFO"])(environ, start)

    # Only the address: the others' headers are passed on by proxies that do not write them.
    outer = ProxyFix(gated, x_for=settings.proxies, x_proto=0) if settings.proxies > 0 else gated
    app.wsgi_app = outer  # type: ignore[method-assign]


def _refusal(path: str) -> Response:
    if path.startswith("/api/"):
        return respond(Problem("wrong-host", _WORDS))
    return Response(_WORDS + "\n", 400, mimetype="text/plain")


def _bare(host: str) -> str:
    """A name without its port; an IPv6 address keeps its brackets."""
    name, colon, port = host.rpartition(":")
    return plain(name if colon and port.isdecimal() else host)
