"""What the hub keeps at the vendor: its contact properties and, with the app's developer key, the
app's webhooks and its workflow action. Made, found again, repaired, removed."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hub.contract import Context, Subscription

from . import apps, client, kinds, properties, timeline
from .definition import definition
from .documents import fingerprint, text
from .kinds import CONTACTS, Kind

Row = dict[str, Any]


def subscribe(ctx: Context) -> Subscription:
    """Bring everything to what it should be; run it as often as you like."""
    repaired = make_properties(ctx)
    state: Row = {
        "properties": [made["name"] for made in properties.MADE],
        "labels": _kept(ctx, "labels") or timeline.labels(ctx),
    }
    if _has_app(ctx):
        state["app"], words = _bring_up(ctx)
        repaired += words
    return Subscription(state, tuple(repaired))


def unsubscribe(ctx: Context) -> None:
    """Remove the app's webhooks and its workflow action, where they deliver to this hub.

    An app has one set of them for all its accounts. Another connection of the same app, if there
    is one, makes them again within the hour, and the poll reads meanwhile what they would have
    told; left standing, they would go on calling a hub that nobody is connected to.
    """
    if not _has_app(ctx):
        return
    if apps.target(ctx) == ctx.hook_url:
        for number in _standing(ctx).values():
            apps.remove_subscription(ctx, str(number["id"]))
        apps.clear_target(ctx)
    for row in _our_definitions(ctx):
        apps.remove_definition(ctx, text(row.get("id"), 40))


def _has_app(ctx: Context) -> bool:
    keys = ("app_id", "developer_key")
    return bool(ctx.hook_url) and all(ctx.secrets.get(key) for key in keys)


def _kept(ctx: Context, name: str) -> Mapping[str, Any]:
    found = ctx.state.get(name)
    return dict(found) if isinstance(found, Mapping) else {}


def make_properties(ctx: Context) -> list[str]:
    """Make the contact properties that lack; answers in words which of them had been there."""
    standing = {text(row.get("name"), 200) for row in client.properties(ctx, CONTACTS.name)}
    missing = [made for made in properties.MADE if made["name"] not in standing]
    if not missing:
        return []
    client.add_group(ctx, CONTACTS.name, properties.GROUP_MADE)
    client.add_properties(ctx, CONTACTS.name, missing)
    known = ctx.state.get("properties") or ()
    lost = [made["name"] for made in missing if made["name"] in known]
    return [f"The contact property {name} was gone; it was made again." for name in lost]


def _bring_up(ctx: Context) -> tuple[Row, list[str]]:
    known, repaired = _kept(ctx, "app"), []
    if apps.target(ctx) != ctx.hook_url:
        apps.set_target(ctx, ctx.hook_url)
        if known:
            repaired.append("The app's webhooks went elsewhere; they come here again.")
    numbers, words = _subscriptions(ctx, known)
    action, told = _action(ctx, known)
    return {"subscriptions": numbers, **action}, [*repaired, *words, *told]


def _subscriptions(ctx: Context, known: Mapping[str, Any]) -> tuple[Row, list[str]]:
    standing, repaired, numbers = _standing(ctx), [], {}
    before = known.get("subscriptions") or {}
    for wanted in wishes(ctx.settings):
        name = _name(wanted)
        row = standing.get(name)
        if row is None:
            numbers[name] = apps.add_subscription(ctx, {**wanted, "active": True})
            gone = f"The app's subscription {name} was gone; it was made again."
            repaired += [gone] if name in before else []
            continue
        numbers[name] = text(row.get("id"), 40)
        if row.get("active") is not True:
            apps.switch_on(ctx, numbers[name])
            repaired.append(f"The app's subscription {name} was paused; it is on again.")
    for name in set(before) - set(numbers):
        apps.remove_subscription(ctx, text(before[name], 40))
    return numbers, repaired


def wishes(settings: Mapping[str, str]) -> Iterator[Row]:
    """The changes the app must be told of, for the kinds this connection reads."""
    for kind in kinds.chosen(settings):
        for verb in ("creation", "merge", "restore") if kind is CONTACTS else ("creation",):
            yield _wish(kind, verb)
        for name in kinds.news(kind, settings):
            yield {**_wish(kind, "propertyChange"), "propertyName": name}


def _wish(kind: Kind, verb: str) -> Row:
    if kind in (kinds.CARTS, kinds.ORDERS):
        return {"eventType": f"object.{verb}", "objectTypeId": kind.type_id}
    return {"eventType": f"{kind.noun}.{verb}"}


def _name(row: Mapping[str, Any]) -> str:
    parts = (text(row.get(n), 100) for n in ("eventType", "objectTypeId", "propertyName"))
    return " ".join(filter(None, parts))


def _standing(ctx: Context) -> dict[str, Row]:
    wanted = {_name(wish) for wish in wishes(ctx.settings)}
    before = _kept(ctx, "app").get("subscriptions") or {}
    found = {_plain(row): row for row in apps.subscriptions(ctx)}
    return {name: row for name, row in found.items() if name in wanted or name in before}


def _plain(row: Row) -> str:
    # The vendor may name the type of a contact or a deal too: it says nothing new there.
    generic = text(row.get("eventType")).startswith("object.")
    return _name(row if generic else {**row, "objectTypeId": ""})


def _our_definitions(ctx: Context) -> Sequence[Row]:
    url = f"{ctx.hook_url}/send"
    return [row for row in apps.definitions(ctx) if row.get("actionUrl") == url]


def _action(ctx: Context, known: Mapping[str, Any]) -> tuple[Row, list[str]]:
    wanted = definition(ctx.hook_url, ctx.settings)
    print_, ours = fingerprint(wanted), _our_definitions(ctx)
    if not ours:
        number = apps.add_definition(ctx, wanted)
        lost = ["The app's workflow action was gone; it was made again."] if known else []
        return {"action": number, "action_as": print_}, lost
    number = text(ours[0].get("id"), 40)
    # Each update is a new revision at the vendor: none is made that changes nothing.
    if known.get("action_as") != print_:
        apps.update_definition(ctx, number, wanted)
    for spare in ours[1:]:
        apps.remove_definition(ctx, text(spare.get("id"), 40))
    return {"action": number, "action_as": print_}, []
