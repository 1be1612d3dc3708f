"""The endpoints of the app's developer: webhooks and workflow actions."""

from typing import Any

from .app import App
from .errors import missing

Row = dict[str, Any]
Answer = tuple[int, Row]


def answer(app: App, method: str, area: str, rest: str, body: Row) -> Answer:
    """What the app's own addresses answer. Raises Problem."""
    if area.startswith("automation"):
        return _definitions(app, method, rest.strip("/"), body)
    if rest == "/settings":
        return app.settings(method, body)
    return _subscriptions(app, method, rest.removeprefix("/subscriptions").strip("/"), body)


def _definitions(app: App, method: str, number: str, body: Row) -> Answer:
    match method, bool(number):
        case "GET", False:
            return 200, {"results": list(app.definitions.values())}
        case "POST", False:
            return app.define(body)
        case "PATCH", True:
            return app.redefine(number, body)
        case "DELETE", True:
            del app.definitions[app.definition(number)["id"]]
            return 204, {}
    raise missing()


def _subscriptions(app: App, method: str, number: str, body: Row) -> Answer:
    if not number:
        listed = {"results": list(app.subscriptions.values())}
        return (200, listed) if method == "GET" else app.subscribe(body)
    if number not in app.subscriptions:
        raise missing()
    if method == "DELETE":
        del app.subscriptions[number]
        return 204, {}
    row = app.subscriptions[number]
    row["active"] = body.get("active") is True
    return 200, row
