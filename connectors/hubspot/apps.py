"""The app's own side, with its developer key: where its webhooks go, what it subscribes to, and
its workflow actions."""

from hub.contract import Context, Refused

from .client import BATCH, Row, package, read, unless
from .documents import Document, identity, rows, text


def target(ctx: Context) -> str:
    """Where the app's webhooks go; empty where they go nowhere."""
    call = package(ctx).webhooks.settings_api.get_all
    found = unless(("404",), lambda: call(_app(ctx), _preload_content=False))
    return text(found.get("targetUrl"), 2000)


def set_target(ctx: Context, url: str) -> None:
    """Have the app's webhooks delivered there."""
    wanted = {"targetUrl": url, "throttling": {"maxConcurrentRequests": 10}}
    read(package(ctx).webhooks.settings_api.configure(_app(ctx), wanted, _preload_content=False))


def clear_target(ctx: Context) -> None:
    """Have the app's webhooks delivered nowhere."""
    call = package(ctx).webhooks.settings_api.clear
    unless(("404",), lambda: call(_app(ctx), _preload_content=False))


def subscriptions(ctx: Context) -> list[Row]:
    """The app's webhook subscriptions."""
    call = package(ctx).webhooks.subscriptions_api.get_all
    return rows(read(call(_app(ctx), _preload_content=False)).get("results"))


def add_subscription(ctx: Context, wanted: Document) -> str:
    """Subscribe the app to a change; answers the subscription's id."""
    call = package(ctx).webhooks.subscriptions_api.create
    return text(read(call(_app(ctx), dict(wanted), _preload_content=False)).get("id"), 40)


def switch_on(ctx: Context, number: str) -> None:
    """Have a paused subscription deliver again."""
    call = package(ctx).webhooks.subscriptions_api.update
    read(call(int(number), _app(ctx), {"active": True}, _preload_content=False))


def remove_subscription(ctx: Context, number: str) -> None:
    """End a subscription; one that is gone already is fine."""
    call = package(ctx).webhooks.subscriptions_api.archive
    unless(("404",), lambda: call(int(number), _app(ctx), _preload_content=False))


def definitions(ctx: Context) -> list[Row]:
    """The app's workflow actions."""
    call = package(ctx).automation.actions.definitions_api.get_page
    return rows(read(call(_app(ctx), limit=BATCH, _preload_content=False)).get("results"))


def add_definition(ctx: Context, wanted: Document) -> str:
    """Make a workflow action; answers its id."""
    call = package(ctx).automation.actions.definitions_api.create
    return text(read(call(_app(ctx), dict(wanted), _preload_content=False)).get("id"), 40)


def update_definition(ctx: Context, number: str, wanted: Document) -> None:
    """Bring a workflow action to what it should be."""
    call = package(ctx).automation.actions.definitions_api.update
    read(call(number, _app(ctx), dict(wanted), _preload_content=False))


def remove_definition(ctx: Context, number: str) -> None:
    """Remove a workflow action; one that is gone already is fine."""
    call = package(ctx).automation.actions.definitions_api.archive
    unless(("404",), lambda: call(number, _app(ctx), _preload_content=False))


def _app(ctx: Context) -> int:
    number = identity(ctx.secrets.get("app_id", ""))
    if not number:
        raise Refused("The app's id must be a number, as HubSpot shows it beside the app.")
    return int(number)
