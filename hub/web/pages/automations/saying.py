"""An automation in one line, as its sentence begins."""

from collections.abc import Mapping
from typing import Any

from babel.lists import format_list
from flask_babel import get_locale, gettext

from hub.automations.document import Automation, DocumentError, parse
from hub.automations.drafting import Sheet
from hub.store.database import Row
from hub.web.pages.automations.choices import happens, length


def line(sheet: Sheet, templates: Mapping[str, Row]) -> str:
    """«When a cart was left without an order: Cart reminder goes out 45 minutes later.» What is
    published is said, where something is."""
    try:
        document = parse(sheet.published or sheet.document)
    except DocumentError:
        return str(gettext("Not finished yet: some of its words are still missing."))
    template = templates.get(document.template)
    words: dict[str, Any] = {
        "event": happens(document.event),
        "template": template["title"] if template else document.template,
    }
    if document.delay.steps:
        words["times"] = _times(document)
        return str(gettext("When %(event)s: %(template)s goes out %(times)s.", **words))
    if document.delay.before:
        words["time"] = length(document.delay.minutes)
        return str(
            gettext("When %(event)s: %(template)s goes out %(time)s before its date.", **words)
        )
    if document.delay.minutes:
        words["time"] = length(document.delay.minutes)
        return str(gettext("When %(event)s: %(template)s goes out %(time)s later.", **words))
    return str(gettext("When %(event)s: %(template)s goes out at once.", **words))


def _times(document: Automation) -> str:
    """«1 day and 3 hours before»."""
    lengths = [
        length(step.minutes if step.days is None else step.days * 1440)
        for step in document.delay.steps
    ]
    times = format_list(lengths, locale=get_locale())
    if document.delay.before:
        return str(gettext("%(times)s before", times=times))
    return str(gettext("%(times)s after", times=times))
