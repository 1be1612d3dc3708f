"""The editor's form: what it sends is the template that it was drawn from."""

from html.parser import HTMLParser

from hub.compose.gallery import load
from hub.config import CHECKOUT
from hub.store import drafts, templates
from hub.web.pages.templates.form import Place, document_of


class _Form(HTMLParser):
    """The fields of the editor's form as a browser would send them."""

    def __init__(self):
        super().__init__()
        self.fields, self.inside, self.is_first = {}, False, True
        self.name = self.kind = ""

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag == "form":
            self.inside = found.get("id") == "editor"
        if not self.inside:
            return
        kind = found.get("type", "text")
        chosen = kind not in ("radio", "checkbox") or "checked" in found
        if tag == "input" and chosen:
            self.fields[found["name"]] = found.get("value") or ""
        if tag in ("textarea", "select"):
            self.name, self.kind = found["name"], tag
            self.fields[self.name], self.is_first = "", True
        if tag == "option" and ("selected" in found or self.is_first):
            self.fields[self.name], self.is_first = found.get("value") or "", False

    def handle_endtag(self, tag):
        if tag == self.kind:
            self.kind = ""

    def handle_data(self, data):
        if self.inside and self.kind == "textarea":
            self.fields[self.name] += data.removeprefix("\n")


def test_what_the_form_does_not_show_stays_as_it_is():
    text = "{{ brand }} : prête"
    words = {"kind": "transactional", "title": "Ready", "texts": {"fr": text, "en": text}}
    more = {"coupon": {"percent": "20", "days": 3}, "utm": {"source": "x"}}
    whole = {**templates.USUAL, **words, **more}
    made, wrong = document_of({"text": text}, whole, Place("fr"))
    assert (made, wrong) == (whole, {})


def test_saving_what_was_not_changed_makes_no_draft(browser, ground, workspace):
    ready = [one.as_template() for one in load(CHECKOUT / "templates")]
    rich = [one for one in ready if one["rich"]][:3] + [one for one in ready if one["coupon"]][:1]
    with ground.database.begin(workspace) as db:
        for number, one in enumerate(rich):
            templates.save(db, workspace, f"whole-{number}", **one)
    who = browser()
    for number, one in enumerate(rich):
        form = _Form()
        form.feed(who.get(f"/templates/whole-{number}?language=fr").text)
        assert form.fields["text"] == one["texts"]["fr"]
        assert who.post(f"/templates/whole-{number}", **form.fields, do="save").status_code == 200
    with ground.database.begin(workspace) as db:
        assert drafts.listed(db, workspace, "template") == {}
