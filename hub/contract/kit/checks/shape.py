"""A folder looks like every other: the same files, headings, names and types."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from hub.contract import Connector, Exchange, Field, OAuth2, Way
from hub.contract.events import VOCABULARY
from hub.contract.kit.bench import Bench, insist
from hub.contract.kit.score import check
from hub.contract.signing_in import fields_of

HEADINGS = (
    "What it does",
    "Connect",
    "Events",
    "Write-back",
    "Limits",
    "When it breaks",
    "Remove",
)
KINDS = ("text", "url", "secret", "number", "flag", "choice", "choices")
NEEDED = ("__init__.py", "simulator.py", "README.md", "icon.svg", "fixtures")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_ACTIVE = re.compile(r"<script|<foreignObject|javascript:|\son\w+\s*=|<!ENTITY|<!DOCTYPE", re.I)
_FOREIGN = re.compile(r"(?:href|src)\s*=\s*[\"'](?!#)|url\(\s*[\"']?(?!#)", re.I)


@check("files", "The folder holds the files every connector has, and nothing else")
def files(bench: Bench) -> None:
    """Needed files are there; other files are Python, fixtures, the icon or its translations."""
    folder = bench.candidate.folder
    insist(_NAME.fullmatch(folder.name), f"The folder's name «{folder.name}» is no slug.")
    missing = [name for name in NEEDED if not (folder / name).exists()]
    insist(not missing, f"The folder has no {', '.join(missing)}.")
    strange = sorted(path.name for path in folder.iterdir() if not _belongs(path))
    insist(not strange, f"The folder holds files that do not belong: {', '.join(strange)}.")


@check("readme", "The README has the fixed headings, in order, and words under each")
def readme(bench: Bench) -> None:
    """The install page is drawn from these headings."""
    text = (bench.candidate.folder / "README.md").read_text("utf-8")
    parts = re.split(r"^##\s+(.+?)\s*$", text, flags=re.M)
    found = tuple(parts[1::2])
    insist(found == HEADINGS, f"README.md must have the headings «{' / '.join(HEADINGS)}».")
    empty = [name for name, words in zip(found, parts[2::2], strict=True) if not words.strip()]
    insist(not empty, f"README.md says nothing under «{', '.join(empty)}».")


@check("icon", "The icon is an SVG that runs nothing and loads nothing")
def icon(bench: Bench) -> None:
    """It is shown inside the hub's own pages."""
    text = (bench.candidate.folder / "icon.svg").read_text("utf-8")
    insist(len(text) <= 20_000, "icon.svg is larger than 20 kB.")
    insist(not _ACTIVE.search(text), "icon.svg holds a script, an event attribute or an entity.")
    insist(not _FOREIGN.search(text), "icon.svg loads something from elsewhere.")
    try:
        root = ElementTree.fromstring(text)  # noqa: S314  own file; entities are refused above
    except ElementTree.ParseError as error:
        raise AssertionError(f"icon.svg is not well-formed: {error}.") from None
    insist(root.tag.endswith("svg"), "icon.svg is not an SVG.")


@check("imports", "It imports nothing of the hub but the contract, and its own files relatively")
def imports(bench: Bench) -> None:
    """So that the folder works under any name and in any tree."""
    for path in sorted(bench.candidate.folder.rglob("*.py")):
        for name in _imported(path):
            own = name == "connectors" or name.startswith("connectors.")
            insist(not own, f"{path.name} imports «{name}»; import its own files with a dot.")
            hub = name == "hub" or name.startswith("hub.")
            allowed = name == "hub.contract" or name.startswith("hub.contract.")
            insist(allowed or not hub, f"{path.name} imports «{name}»; only hub.contract is open.")


@check("declared", "Its title, events, settings and credentials are declared properly")
def declared(bench: Bench) -> None:
    """Forms, docs and the editor's variables are drawn from these."""
    connector = bench.connector
    insist(connector.title.strip(), "The connector has no title.")
    insist(connector.roles, "It is no source, no target and no carrier; give it a part.")
    unknown = [name for name in connector.emits if name not in VOCABULARY]
    insist(not unknown, f"It emits {', '.join(unknown)}, which the vocabulary does not have.")
    emitting = bool(connector.emits)
    insist(emitting == ("source" in connector.roles), "A source, and only one, has `emits`.")
    readable = connector.parse is not None and connector.dedupe is not None
    insist(connector.poll is None or readable, "A poll's pages need a parse and a dedupe.")
    insist(connector.ways, "It declares no way of signing in.")
    for way in connector.ways.values():
        _check_way(connector, way)
    _check_fields(connector)
    _check_sizes(connector)


def _check_way(connector: Connector, way: Way) -> None:
    insist(way.label.strip(), "A way of signing in has no label.")
    insist(fields_of(way), f"«{way.label}» declares no field to paste a credential into.")
    settings = {f.name: f.default for f in connector.settings}
    addresses = [way.token_url(settings)] if isinstance(way, OAuth2 | Exchange) else []
    addresses += [way.authorize_url(settings)] if isinstance(way, OAuth2) else []
    secure = all(address.startswith("https://") for address in addresses)
    insist(secure, f"«{way.label}»: the addresses must be https as they are shipped.")


def _check_fields(connector: Connector) -> None:
    for way in connector.ways.values():
        names = [field.name for field in (*fields_of(way), *connector.settings)]
        twice = {name for name in names if names.count(name) > 1}
        insist(not twice, f"Two fields have the name {', '.join(sorted(twice))}.")
        for field in (*fields_of(way), *connector.settings):
            _check_field(field)
    live = [field.name for field in connector.settings if field.live]
    insist(not live or connector.options, f"Nothing tells the choices of {', '.join(live)}.")
    kept = [field.name for field in connector.settings if field.kind == "secret"]
    insist(not kept, f"{', '.join(kept)} is secret: declare it in `auth`, not in `settings`.")


def _check_field(field: Field) -> None:
    name = field.name
    insist(_NAME.fullmatch(name), f"The field «{name}» is no plain name.")
    insist(field.label.strip(), f"The field «{name}» has no label.")
    insist(field.kind in KINDS, f"The field «{name}» has the unknown kind «{field.kind}».")
    chosen = field.kind in ("choice", "choices")
    listed = bool(field.choices) or field.live
    insist(listed == chosen, f"The field «{name}»: choices go with a kind of choice.")
    offered = {value for value, _ in field.choices}
    given = set(filter(None, field.default.split(","))) if chosen else set()
    insist(field.live or given <= offered, f"The default of «{name}» is none of its choices.")
    insist(field.kind != "secret" or not field.default, f"The secret «{name}» has a default.")


def _check_sizes(connector: Connector) -> None:
    target, carrier = connector.target, connector.carrier
    insist(target is None or target.batch_size > 0, "The target's batch_size must be 1 or more.")
    insist(carrier is None or carrier.batch_size > 0, "The carrier's batch_size must be 1 or more.")
    coupons = connector.coupons
    insist(coupons is None or coupons.batch_size > 0, "The coupons' batch_size must be 1 or more.")
    channels = set(carrier.channels) if carrier else {"sms"}
    insist(channels and channels <= {"sms", "rcs"}, "The carrier's channels are «sms» and «rcs».")


def _belongs(path: Path) -> bool:
    if path.is_dir():
        return path.name in ("fixtures", "__pycache__") or (path / "__init__.py").exists()
    return path.suffix == ".py" or path.name in (*NEEDED, "words.json")


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module == "hub":
            yield from (f"hub.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module or ""
