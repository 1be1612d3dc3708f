"""Who may come in: names, proxies, and what every answer tells browsers."""

from dataclasses import replace

import pytest
from flask import request

from hub.web import site
from hub.web.gate import HEADERS, names_of

EVIL = "evil.example"


@pytest.fixture
def client_of(ground, nudge):
    """`client_of(**settings)`: a client of the whole site."""

    def make(**changes):
        near = replace(ground, settings=replace(ground.settings, **changes))
        app = site.build(near, nudge)
        app.add_url_rule("/who", "who", lambda: request.remote_addr)
        return app.test_client()

    return make


def status(client, host, path="/connected"):
    return client.get(path, base_url=f"http://{host}").status_code


def test_the_hub_answers_to_its_own_names_only(client_of):
    client = client_of(public_url="https://hub.maison.example", trusted_hosts="in.example, b.test")
    for name in ("hub.maison.example", "HUB.maison.example:443", "in.example:8025", "b.test.",
                 "localhost", "127.0.0.1:8025", "[::1]:80", "shop.localhost"):  # fmt: skip
        assert status(client, name) == 200, name
    for name in (EVIL, "maison.example", "hub.maison.example.evil.example", "xin.example",
                 "127.0.0.1.evil.example", "10.0.0.7", "xlocalhost"):  # fmt: skip
        assert status(client, name) == 400, name


@pytest.mark.parametrize("host", ["", "a b", "hub.example/..", "é.example", "a" * 300, "@", ":80"])
def test_a_name_that_is_none_is_not_ours(client_of, host):
    client = client_of(public_url="https://hub.example")
    assert client.get("/connected", headers={"Host": host}).status_code == 400


def test_the_refusal_says_what_to_do_and_not_what_was_sent(client_of):
    client = client_of(public_url="https://hub.example")
    page = client.get("/connected", base_url=f"http://{EVIL}")
    assert "HUB_TRUSTED_HOSTS" in page.text
    assert EVIL not in page.text
    problem = client.get("/api/v1/workspace", base_url=f"http://{EVIL}")
    assert (problem.status_code, problem.json["type"]) == (400, "/problems/wrong-host")


def test_health_is_told_under_any_name_for_load_balancers_ask_by_address(client_of):
    client = client_of(public_url="https://hub.example")
    assert status(client, "10.1.2.3:8025", "/healthz") == 200
    assert status(client, "10.1.2.3:8025", "/readyz") in (200, 503)


def test_a_workspaces_link_host_is_known_the_moment_it_is_set(client_of, workspace, own_host):
    client = client_of(public_url="https://hub.example")
    own_host(workspace, link_url="https://lnk.example")
    assert status(client, "lnk.example", "/aaaaaaaaaa") == 404
    assert status(client, EVIL, "/aaaaaaaaaa") == 400
    # And nothing else of the hub is there: not its API, not its pages.
    assert [status(client, "lnk.example", p) for p in ("/api/v1/workspace", "/connected")] == [
        404
    ] * 2


def test_vendors_reach_their_doors_under_the_public_name(client_of):
    client = client_of(public_url="https://hub.example")
    assert client.post("/hooks/none/none", base_url="https://hub.example").status_code == 404
    assert client.post("/hooks/none/none", base_url=f"https://{EVIL}").status_code == 400


def test_any_name_will_do_where_the_operator_says_so(client_of):
    assert status(client_of(trusted_hosts="*"), EVIL) == 200


def test_a_database_that_is_away_is_told_by_the_doors_themselves(client_of, ground):
    from hub.store.database import connect

    away = connect("postgresql://nobody:x@127.0.0.1:9/none", pool=1)
    object.__setattr__(ground.database, "engine", away.engine)
    client = client_of(public_url="https://hub.example")
    assert status(client, "lnk.example", "/l/aaaaaaaaaa") == 503
    assert status(client, "hub.example") == 200


def test_where_it_listens_is_a_name_unless_that_is_everywhere(settings):
    assert "10.0.0.7" in names_of(replace(settings, host="10.0.0.7"))
    assert not names_of(replace(settings, host="0.0.0.0")) & {"0.0.0.0", "::", ""}  # noqa: S104


@pytest.mark.parametrize(
    ("proxies", "told", "seen"),
    [
        (0, "198.51.100.7", "127.0.0.1"),
        (1, "198.51.100.7", "198.51.100.7"),
        (1, "10.9.9.9, 198.51.100.7", "198.51.100.7"),
        (2, "10.9.9.9, 198.51.100.7, 192.0.2.1", "198.51.100.7"),
        (2, "198.51.100.7", "127.0.0.1"),
        (1, "", "127.0.0.1"),
    ],
)
def test_only_as_many_proxies_are_believed_as_the_operator_counted(client_of, proxies, told, seen):
    head = {"X-Forwarded-For": told} if told else {}
    assert client_of(proxies=proxies).get("/who", headers=head).text == seen


@pytest.mark.parametrize("proxies", [0, 1, 2])
def test_no_forwarded_name_is_ever_believed(client_of, proxies):
    client = client_of(proxies=proxies, public_url="https://hub.example")
    spoofed = {"Host": EVIL, "X-Forwarded-Host": "hub.example", "Forwarded": "host=hub.example"}
    assert client.get("/connected", headers=spoofed).status_code == 400
    spoofed = {"X-Forwarded-Host": EVIL, "X-Forwarded-Proto": "https", "X-Forwarded-Prefix": "/x"}
    head = {"Host": "hub.example", **spoofed}
    answer = client.get("/api/v1/openapi.json", headers=head)
    assert answer.json["servers"] == [{"url": "https://hub.example/api/v1"}]


def test_every_route_tells_browsers_to_be_careful(client_of):
    client = client_of(public_url="https://hub.example")
    seen = set()
    for rule in client.application.url_map.iter_rules():
        path = rule.rule
        for name in rule.arguments:
            path = path.replace(f"<{name}>", "x").replace(f"<string(length=10):{name}>", "x" * 10)
        for method in rule.methods - {"OPTIONS"}:
            answer = client.open(path, method=method, base_url="https://hub.example")
            for name in (*HEADERS, "Strict-Transport-Security"):
                assert name in answer.headers, (path, method, name)
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
            assert answer.headers["Cache-Control"] == "no-store"
            assert "Access-Control-Allow-Origin" not in answer.headers
            seen.add(rule.endpoint)
    assert len(seen) > 50
    lost = client.get("/nowhere", base_url="https://hub.example")
    assert lost.headers["X-Content-Type-Options"] == "nosniff"
    plain = client_of(public_url="http://127.0.0.1:1").get("/connected")
    assert "Strict-Transport-Security" not in plain.headers


def test_no_answer_holds_a_trace_or_reads_a_debug_switch(client_of):
    client = client_of()
    client.application.add_url_rule("/breaks", "breaks", lambda: 1 / 0)
    client.application.testing = False
    for path in ("/breaks?debug=1", "/api/v1/nowhere?debug=1", "/console"):
        answer = client.get(path)
        assert "Traceback" not in answer.text
        assert "ZeroDivision" not in answer.text
