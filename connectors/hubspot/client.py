"""HubSpot's API as verbs, through `hubspot-api-client`. All HTTP of the connector is here."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from hashlib import sha256
from typing import Any

import hubspot

from hub.contract import AuthLost, Context, Refused, Throttled
from hub.contract.http import AGENT

from .answers import VENDOR, Answer
from .documents import Document, identity, part, rows
from .transport import Budget, Road

API = "https://api.hubapi.com"
BATCH = 100
WITH_HISTORY = 50  # the vendor's own limit where a read asks for properties with their history
SEARCHED = 200

Row = dict[str, Any]

_budgets: dict[str, Budget] = {}


def budget(ctx: Context) -> Budget:
    """What is known of this account's daily calls."""
    if len(_budgets) > 1_000:
        _budgets.clear()
    token = ctx.secrets.get("access_token", "")
    name = ctx.account or sha256(token.encode("utf-8", "replace")).hexdigest()
    return _budgets.setdefault(f"{address(ctx.settings)} {name}", Budget())


def spare(ctx: Context) -> None:
    """Hold back what can wait while the day's calls run out. Raises Throttled."""
    if budget(ctx).is_low:
        raise Throttled(
            "Less than a twentieth of today's calls is left at HubSpot. Reading waits for them.",
            retry_after=600.0,
        )


def address(settings: Mapping[str, str]) -> str:
    """The API's base address. Raises Refused."""
    typed = (settings.get("api_url") or API).strip().rstrip("/")
    if not typed.startswith(("https://", "http://")) or "@" in typed or " " in typed:
        raise Refused("The API address is not a web address such as https://api.hubapi.com.")
    return typed


def account(ctx: Context) -> Row:
    """The account the credentials open: portalId, timeZone, companyCurrency."""
    api = package(ctx).crm.objects.basic_api.api_client
    return read(
        api.call_api(
            "/account-info/v3/details",
            "GET",
            header_params={"Accept": "application/json"},
            response_types_map={},
            auth_settings=["oauth2"],
            _preload_content=False,
            _return_http_data_only=True,
        )
    )


def token_info(ctx: Context) -> Row:
    """What an OAuth token is for: hub_id, hub_domain, scopes."""
    tokens = package(ctx).oauth.access_tokens_api
    return read(tokens.get(ctx.secrets.get("access_token", ""), _preload_content=False))


def records(
    ctx: Context,
    kind: str,
    ids: Iterable[str],
    properties: Sequence[str],
    history: Sequence[str] = (),
) -> list[Row]:
    """Records by id, as many calls as batches; those that are gone are left out."""
    size = WITH_HISTORY if history else BATCH
    found: list[Row] = []
    for few in _batches(list(dict.fromkeys(ids)), size):
        asked = {
            "inputs": [{"id": one} for one in few],
            "properties": list(properties),
            "propertiesWithHistory": list(history),
        }
        call = package(ctx).crm.objects.batch_api.read
        found += rows(read(call(kind, asked, _preload_content=False)).get("results"))
    return found


def associated(ctx: Context, kind: str, ids: Iterable[str], to: str) -> dict[str, list[str]]:
    """The ids of records of the kind `to` that belong to each of these, lowest first."""
    found: dict[str, list[str]] = {}
    for few in _batches(list(dict.fromkeys(ids)), BATCH):
        asked = {"inputs": [{"id": one} for one in few]}
        call = package(ctx).crm.associations.v4.batch_api.get_page
        for row in rows(read(call(kind, to, asked, _preload_content=False)).get("results")):
            ends = (identity(end.get("toObjectId")) for end in rows(row.get("to")))
            one = identity(part(row, "from").get("id"))
            found.setdefault(one, []).extend(sorted(filter(None, ends), key=int))
    return found


def search(ctx: Context, kind: str, query: Document) -> list[Row]:
    """One page of a search, at most SEARCHED records."""
    call = package(ctx).crm.objects.search_api.do_search
    return rows(read(call(kind, dict(query), _preload_content=False)).get("results"))


def create(ctx: Context, kind: str, inputs: Sequence[Document]) -> Row:
    """Make up to BATCH records; a 207's `errors` name the inputs by objectWriteTraceId."""
    call = package(ctx).crm.objects.batch_api.create
    return read(call(kind, {"inputs": list(inputs)}, _preload_content=False))


def update(ctx: Context, kind: str, inputs: Sequence[Document]) -> Row:
    """Change up to BATCH records; a 207's `errors` name the ids."""
    call = package(ctx).crm.objects.batch_api.update
    return read(call(kind, {"inputs": list(inputs)}, _preload_content=False))


def properties(ctx: Context, kind: str) -> list[Row]:
    """All properties of a kind of record."""
    call = package(ctx).crm.properties.core_api.get_all
    return rows(read(call(kind, _preload_content=False)).get("results"))


def add_group(ctx: Context, kind: str, group: Document) -> None:
    """Make a property group; one that is there already is fine."""
    call = package(ctx).crm.properties.groups_api.create
    unless(("409",), lambda: call(kind, dict(group), _preload_content=False))


def add_properties(ctx: Context, kind: str, wanted: Sequence[Document]) -> None:
    """Make properties; those that are there already are fine."""
    call = package(ctx).crm.properties.batch_api.create
    unless(("409",), lambda: call(kind, {"inputs": list(wanted)}, _preload_content=False))


def labels(ctx: Context, kind: str, to: str) -> list[Row]:
    """The association types from one kind of record to another: typeId, category, label."""
    call = package(ctx).crm.associations.v4.schema.definitions_api.get_all
    return rows(read(call(kind, to, _preload_content=False)).get("results"))


def complete(ctx: Context, steps: Sequence[tuple[str, Document]]) -> None:
    """Tell waiting workflow steps their output fields, at most BATCH in one call."""
    # The package's models ask for typedOutputs, which the documentation's examples leave out.
    inputs = [{"callbackId": c, "outputFields": dict(o), "typedOutputs": {}} for c, o in steps]
    call = package(ctx).automation.actions.callbacks_api.complete_batch
    read(call({"inputs": inputs}, _preload_content=False))


def package(ctx: Context) -> hubspot.Client:
    """The vendor's package with this connection's token, on our road. Raises AuthLost."""
    token = ctx.secrets.get("access_token", "")
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise AuthLost(f"There is no access token that {VENDOR} could take. Connect again.")
    return hubspot.Client.create(api_factory=partial(_api, ctx))


def _api(ctx: Context, package: Any, name: str, _: Mapping[str, Any]) -> Any:
    # The package has no place for a host, a time limit or a pool of its own: it is given them here.
    configuration = package.Configuration()
    configuration.host = address(ctx.settings)
    configuration.access_token = ctx.secrets.get("access_token", "")
    configuration.api_key["developer_hapikey"] = ctx.secrets.get("developer_key", "")
    made = package.ApiClient(configuration=configuration)
    made.user_agent = AGENT
    version = ctx.settings.get("api_version", "")
    made.rest_client.pool_manager = Road(ctx.deadline, version, budget(ctx))
    return getattr(package, name)(api_client=made)


def read(answer: Answer) -> Row:
    """An answer's body."""
    return answer.document


def unless(codes: Sequence[str], call: Callable[[], Answer]) -> Row:
    """What a call answers; nothing where it is refused with one of these codes."""
    try:
        return read(call())
    except Refused as error:
        if error.code not in codes:
            raise
    return {}


def _batches(ids: Sequence[str], size: int) -> Iterable[Sequence[str]]:
    return (ids[at : at + size] for at in range(0, len(ids), size))
