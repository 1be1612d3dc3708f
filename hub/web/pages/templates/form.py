"""What the editor's form says: a template's document out of its fields."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext

from hub.compose.coupons import NotACoupon, checked
from hub.compose.rcs.fields import document_of as rich_of_fields
from hub.contract import VOCABULARY
from hub.web.pages.retold import told

KINDS = ("marketing", "transactional")
PAGES = ("", "basket", "appointment", "offer")
UTM = ("source", "medium", "campaign", "content")
PREVIEW = ("title", "description", "image")
SAMPLES = ("declared", "newest", "newest-2", "newest-3", "longest", "empty")
_WHOLE = {"max_parts": (1, 10), "ttl_minutes": (1, 2880), "link_days": (1, 365)}
_TICKS = ("transliterate", "expects_replies")
_LONGEST = {"title": 100, "sender": 300}


@dataclass(frozen=True)
class Place:
    """Where in a template somebody is: which language, which wording ("" is the usual one), and
    with whose values the phone is filled. `usual` is the workspace's own language."""

    language: str
    variant: str = ""
    sample: str = "declared"
    channel: str = "sms"
    usual: str = ""


def place_of(given: Mapping[str, str], document: Mapping[str, Any], usual: str) -> Place:
    """What the address or the form asks for, of what there is."""
    texts, variant = document["texts"], given.get("variant", "")
    first = usual if usual in texts else next(iter(texts), usual)
    wanted = given.get("language", "")
    sample, channel = given.get("sample", ""), given.get("channel", "")
    return Place(
        wanted if wanted in texts else first,
        variant if variant in document["variants"] else "",
        sample if sample in SAMPLES else SAMPLES[0],
        channel if channel in ("sms", "rcs") else "sms",
        usual,
    )


def document_of(
    form: Mapping[str, str], base: Mapping[str, Any], place: Place
) -> tuple[dict[str, Any], dict[str, str]]:
    """The document that the form says, over what it does not show; what is wrong, by field."""
    wrong: dict[str, str] = {}
    made = {**base, **_settings(form, base, wrong)}
    made["defaults"] = _defaults(form, base["defaults"])
    if "utm.source" in form:
        made["utm"] = _filled(form, "utm.", UTM)
        made["previews"] = _by_language(
            base["previews"], place.language, _filled(form, "preview.", PREVIEW)
        )
    if "coupon.worth" in form:
        made["coupon"] = _coupon(form, base["coupon"], wrong)
    return _worded(form, made, place), wrong


def version_in(form: Mapping[str, str]) -> int:
    """The draft's version that the page was opened on; 0 for none."""
    said = form.get("expects", "")
    return int(said[:9]) if said.isascii() and said.isdigit() else 0


def text_of(document: Mapping[str, Any], place: Place, part: str = "texts") -> Any:
    """The text, or the RCS document («rich»), that stands at this place; "" or None where there is
    none of its own."""
    owner = document["variants"].get(place.variant, {}) if place.variant else document
    return (owner.get(part) or {}).get(place.language, "" if part == "texts" else None)


def with_text(document: Mapping[str, Any], place: Place, part: str, value: Any) -> dict[str, Any]:
    """The document with another text or RCS at this place; None takes the RCS away."""
    owner = document["variants"].get(place.variant, {}) if place.variant else document
    changed = {**owner, part: _by_language(owner.get(part) or {}, place.language, value)}
    if not place.variant:
        return changed
    return {**document, "variants": {**document["variants"], place.variant: changed}}


def _worded(form: Mapping[str, str], made: dict[str, Any], place: Place) -> dict[str, Any]:
    if "text" in form:
        made = with_text(made, place, "texts", form["text"].replace("\r\n", "\n"))
    if "rich.shape" in form:
        fields = {n[5:]: v.replace("\r\n", "\n") for n, v in form.items() if n.startswith("rich.")}
        made = with_text(made, place, "rich", rich_of_fields(fields))
    return made


def _settings(
    form: Mapping[str, str], base: Mapping[str, Any], wrong: dict[str, str]
) -> dict[str, Any]:
    if "kind" not in form:
        return {}
    made: dict[str, Any] = {name: _line(form, name, wrong) for name in ("title", "sender")}
    if not made["title"]:
        wrong["title"] = gettext("Give it a name: you find it by it.")
    made["kind"] = form["kind"] if form["kind"] in KINDS else base["kind"]
    made["event"] = form.get("event", "") if form.get("event") in VOCABULARY else ""
    made["page"] = form.get("page", "") if form.get("page") in PAGES else ""
    made |= {name: bool(form.get(name)) for name in _TICKS}
    return made | {name: _whole(form, name, base[name], wrong) for name in _WHOLE}


def _line(form: Mapping[str, str], name: str, wrong: dict[str, str]) -> str:
    value, most = form.get(name, "").strip(), _LONGEST[name]
    if len(value) > most:
        wrong[name] = gettext("Take %(count)s characters at most.", count=most)
    return value


def _whole(form: Mapping[str, str], name: str, usual: int, wrong: dict[str, str]) -> int:
    least, most = _WHOLE[name]
    value = form.get(name, "").strip()
    if value.isascii() and value.isdigit() and least <= int(value[:9]) <= most:
        return int(value)
    wrong[name] = gettext("Write a number from %(least)s to %(most)s.", least=least, most=most)
    return usual


def _defaults(form: Mapping[str, str], base: Mapping[str, str]) -> dict[str, str]:
    given = {n[8:]: v.strip()[:300] for n, v in form.items() if n.startswith("default.")}
    return {name: words for name, words in {**base, **given}.items() if words}


def _filled(form: Mapping[str, str], prefix: str, names: tuple[str, ...]) -> dict[str, str]:
    given = {name: form.get(f"{prefix}{name}", "").strip() for name in names}
    return {name: value[:300] for name, value in given.items() if value}


def _by_language(found: Mapping[str, Any], language: str, value: Any) -> dict[str, Any]:
    """With this value for the language; nothing takes what was there away, an empty text stays."""
    kept = {k: v for k, v in found.items() if k != language or value or value == ""}
    return kept | ({language: value} if value or value == "" else {})


def _coupon(form: Mapping[str, str], base: Any, wrong: dict[str, str]) -> Any:
    worth = form["coupon.worth"]
    if worth not in ("percent", "amount"):
        return None
    days = form.get("coupon.days", "").strip()
    terms: dict[str, Any] = {
        worth: _plain(form.get("coupon.value", "")),
        "days": int(days[:9]) if days.isascii() and days.isdigit() else 0,
        "shared": bool(form.get("coupon.shared")),
        "prefix": form.get("coupon.prefix", "").strip().upper(),
    }
    if worth == "amount":
        terms["currency"] = form.get("coupon.currency", "").strip().upper()
    try:
        return checked({name: value for name, value in terms.items() if value not in ("", False)})
    except NotACoupon as why:
        wrong["coupon.value"] = told(str(why))
        return base


def _plain(value: str) -> str:
    """A number as people write it: «12,5» is 12.5."""
    written = value.strip().replace(",", ".")
    try:
        return f"{Decimal(written):f}" if len(written) < 13 else written
    except InvalidOperation:
        return written
