"""No page of somebody who reads German holds an English sentence: neither of its own, nor one that
a room or a connector wrote down and that is told again."""

import re
from html.parser import HTMLParser

from hub.report.figures import keeping
from hub.store.database import rows, run
from hub.web.pages.test_every_page import pages

# Words of English sentences that are none in German; a name is no sentence.
_ENGLISH = re.compile(
    r"\b(the|and|are|of|by|with|from|that|this|not|has|been|to|for|which|will|when|each|only|it|"
    r"before|after|minutes|hours|days|nothing|yes|order|cart|booking|message|messages|placed|Delivered|Read)\b"
)
_SPOKEN = ("title", "aria-label", "placeholder", "alt")
_VOID = frozenset({"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})
_APART = frozenset({"script", "style", "code", "pre", "textarea", "option", "svg"})
# What people called or said something in these pages, whatever their language.
_CALLED = re.compile(
    r"Answer to STOP|Order on its way|Which booking\?|Kitchen for the Martins|Waiting for papers|"
    r"\bde, en, es, fr, it\b|^it$|Do you have it in blue\?|\w+ (?:cart|order meta) ?\w*|"
    r"\b[a-z]+(?:[-.:_/][\w:.+-]+)+|\{\{.*|«[^»]*»"
)


class Read(HTMLParser):
    """What a page says in its own language: text and spoken attributes, outside of what names
    another language, is code, or is somebody's own text."""

    def __init__(self):
        super().__init__()
        self.said, self.open = [], []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        apart = tag in _APART or ("lang" in given and tag != "html")
        apart = apart or given.get("translate") == "no"
        if tag not in _VOID:
            self.open.append((tag, apart))
        if not self.is_apart() and not apart:
            self.said += [given[name] for name in _SPOKEN if given.get(name)]

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if data.strip() and not self.is_apart():
            self.said.append(" ".join(data.split()))

    def is_apart(self):
        return any(apart for _, apart in self.open)


def english(page):
    """What of it is English."""
    read = Read()
    read.feed(page)
    return [said for said in read.said if _ENGLISH.search(_CALLED.sub("", said))]


def test_no_page_in_german_holds_an_english_sentence(ground, furnished, browser):
    keeping.keep(ground)
    owner = browser()
    with ground.database.begin() as db:
        run(db, "UPDATE users SET language = 'de'")
    with ground.database.begin(furnished.workspace_id) as db:
        roads = [
            f"/{found['what']}/{found['id']}"
            for found in rows(
                db,
                """SELECT 'messages' AS what, id FROM messages UNION ALL
                   SELECT 'decisions', id FROM decisions UNION ALL
                   SELECT 'events', id FROM events""",
            )
        ]
    assert len(roads) > 10
    found = {
        (path, said)
        for path in (*pages(owner.client, furnished.ids), *roads)
        for said in english(owner.get(path, follow_redirects=True).text)
    }
    assert sorted(found) == []
