"""The vendor's address book: which path a call has in each version of its API."""

import re

USUAL = "v3"
DATED = re.compile(r"20\d\d-\d\d")

# Dated versions put the date behind the area: /crm/v3/objects/x is /crm/objects/2026-03/x there.
# UNVERIFIED for all but objects and callbacks, which is why the version is a setting.
_MOVED = (
    (re.compile(r"^/crm/v3/objects/"), "/crm/objects/{}/"),
    (re.compile(r"^/crm/v3/properties/"), "/crm/properties/{}/"),
    (re.compile(r"^/crm/v4/associations/"), "/crm/associations/{}/"),
    (re.compile(r"^/automation/v4/actions/callbacks/"), "/automation/actions/callbacks/{}/"),
    (re.compile(r"^/automation/v4/actions/"), "/automation/actions/{}/"),
    (re.compile(r"^/webhooks/v3/"), "/webhooks/{}/"),
    (re.compile(r"^/account-info/v3/"), "/account-info/{}/"),
)
_BACK = (
    (re.compile(r"^/crm/objects/20\d\d-\d\d/"), "/crm/v3/objects/"),
    (re.compile(r"^/crm/properties/20\d\d-\d\d/"), "/crm/v3/properties/"),
    (re.compile(r"^/crm/associations/20\d\d-\d\d/"), "/crm/v4/associations/"),
    (
        re.compile(r"^/automation/actions/callbacks/20\d\d-\d\d/"),
        "/automation/v4/actions/callbacks/",
    ),
    (re.compile(r"^/automation/actions/20\d\d-\d\d/"), "/automation/v4/actions/"),
    (re.compile(r"^/webhooks/20\d\d-\d\d/"), "/webhooks/v3/"),
    (re.compile(r"^/account-info/20\d\d-\d\d/"), "/account-info/v3/"),
)


def spoken(path: str, version: str) -> str:
    """The path as this version has it; `version` is "v3" or a date such as "2026-03"."""
    if not DATED.fullmatch(version):
        return path
    for pattern, moved in _MOVED:
        if pattern.match(path):
            return pattern.sub(moved.format(version), path, count=1)
    return path


def usual(path: str) -> str:
    """A path of any version as the usual version has it."""
    for pattern, known in _BACK:
        if pattern.match(path):
            return pattern.sub(known, path, count=1)
    return path
