"""The way on: the target with its campaign's words in the query, the rest as it was."""

from collections.abc import Mapping
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from werkzeug.urls import iri_to_uri

NAMES = ("source", "medium", "campaign", "content", "term")


def with_campaign(target: str, utm: Mapping[str, str]) -> str:
    """The target with utm_source, utm_medium … added where it does not have them yet, in plain
    ASCII. `utm` names them with or without their «utm_»."""
    parts = urlsplit(target)
    there = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
    wanted = {f"utm_{n}": utm.get(n) or utm.get(f"utm_{n}") or "" for n in NAMES}
    added = urlencode(
        {n: value for n, value in wanted.items() if value and n not in there}, quote_via=quote
    )
    query = "&".join(part for part in (parts.query.rstrip("&"), added) if part)
    return iri_to_uri(urlunsplit(parts._replace(query=query)))
