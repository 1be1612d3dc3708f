"""Links: where short links live, and where they may lead."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from flask_babel import gettext

from hub.send.links import base_of
from hub.web.api.workspace import problems_in
from hub.web.pages.retold import told
from hub.web.pages.settings.wing import change, shop_of, wing
from hub.web.pages.visits import Visit
from hub.web.pages.wings import Go, Shown

_PATH = "/settings/links"
_MOST = 100
_LONGEST = 60


@wing.way(f"GET {_PATH}", may="see")
def link_settings(visit: Visit) -> Shown:
    """The address of short links, how to set it up, and the domains they lead to."""
    shop = shop_of(visit)
    form = {"link_url": shop["link_url"], "link_domains": "\n".join(shop["link_domains"])}
    return _shown(visit, form, {})


@wing.way(f"POST {_PATH}", may="manage")
def change_links(visit: Visit) -> Shown | Go:
    """Change both."""
    form = {name: visit.form.get(name, "") for name in ("link_url", "link_domains")}
    address = form["link_url"].strip().rstrip("/")
    domains = list(dict.fromkeys(form["link_domains"].lower().split()))
    wrong = {
        field.partition(".")[0]: told(words)
        for field, words in problems_in({"link_url": address, "link_domains": domains})
    }
    if len(address) > _LONGEST:
        wrong["link_url"] = gettext("Take 60 characters at most: a link counts in every message.")
    if len(domains) > _MOST:
        wrong["link_domains"] = gettext("There can be 100 domains at most.")
    if wrong:
        return _shown(visit, form, wrong)
    change(visit, "workspace_put", link_url=address, link_domains=domains)
    return Go(_PATH, said=gettext("Links are changed, from the next message on."))


def _shown(visit: Visit, form: Mapping[str, str], wrong: Mapping[str, str]) -> Shown:
    shop, home = shop_of(visit), visit.ground.settings.address
    values = {
        "shop": shop, "form": form, "wrong": wrong, "base": base_of(shop, home),
        "home": urlsplit(home).hostname, "host": urlsplit(shop["link_url"]).hostname,
    }  # fmt: skip
    return Shown("settings/links.html", values, 422 if wrong else 200)
