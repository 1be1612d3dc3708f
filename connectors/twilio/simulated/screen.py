"""What an RCS phone shows of a filled-in template: read back from Twilio's own form."""

import mimetypes
from collections.abc import Mapping, Sequence
from typing import Any, cast

from hub.contract import Answer, Card, Dial, Media, OpenUrl, Rich, Suggestion
from hub.contract.rich import Height


def shown(types: Mapping[str, Any]) -> Rich:
    """The message as the phone has it. Buttons told apart by Twilio's rules: in a card by default
    where there is a picture, else in the list of chips below."""
    if carousel := types.get("twilio/carousel"):
        return Rich(cards=tuple(_card(one, "", one["actions"]) for one in carousel["cards"]))
    made = types["twilio/card"]
    media = (made.get("media") or [""])[0]
    actions = made.get("actions", [])
    chips = [one for one in actions if one.get("chip_list", not media)]
    own = [one for one in actions if one not in chips]
    if not media and not own:
        return Rich(text=made.get("body", ""), suggestions=_suggestions(chips))
    card = _card({**made, "media": media}, made.get("height", "TALL"), own)
    return Rich(cards=(card,), suggestions=_suggestions(chips))


def _card(made: Mapping[str, Any], height: str, actions: Sequence[Mapping[str, Any]]) -> Card:
    url = made.get("media", "")
    media = Media(url, _type(url), cast("Height", (height or "medium").lower())) if url else None
    return Card(made.get("title", ""), made.get("body", ""), media, _suggestions(actions))


def _type(url: str) -> str:
    """Twilio is not told the type: it looks at the file, and the simulator at its ending."""
    return mimetypes.guess_type(url.partition("?")[0])[0] or "image/jpeg"


def _suggestions(actions: Sequence[Mapping[str, Any]]) -> tuple[Suggestion, ...]:
    return tuple(_suggestion(one) for one in actions)


def _suggestion(one: Mapping[str, Any]) -> Suggestion:
    title, payload = one["title"], one.get("id") or one["title"]
    match one["type"]:
        case "QUICK_REPLY":
            return Answer(title, payload)
        case "URL":
            return OpenUrl(title, payload, one["url"])
        case _:
            return Dial(title, payload, one["phone"])
