"""What a carrier accepted is never forgotten: not when everything after its answer fails, not when
the database is away."""

from dataclasses import replace

import orjson
import pytest
from sqlalchemy.exc import OperationalError

from hub.send import noting, spool
from hub.send.doubt import mark_abandoned
from hub.store import sending
from hub.store.database import connect, run

ZOE, LEA = "+33639980101", "+33639980102"
AFTERWARDS = {
    "the write-backs": ("outcome_of", None),
    "the consequences": ("follow", None),
    "the SMS beneath": ("put_beneath", None),
    "the breaker": ("breaker", "note"),
    "the money": ("spending", "release"),
}


def _raise(*given, **named):
    raise ZeroDivisionError("the directflow of 2026-04-24")


def _break(monkeypatch, what):
    module, attribute = AFTERWARDS[what]
    if attribute is None:
        monkeypatch.setattr(noting, module, _raise)
    else:
        monkeypatch.setattr(getattr(noting, module), attribute, _raise)


@pytest.mark.parametrize("broken", [*([name] for name in AFTERWARDS), list(AFTERWARDS)])
def test_whatever_fails_after_the_answer_the_phone_has_one_and_the_row_says_sent(
    toys, write_to, monkeypatch, clock, broken
):
    scene = toys("nothing")
    write_to([ZOE], "Bonjour")
    with monkeypatch.context() as patch:
        for what in broken:
            _break(patch, what)
        for _ in range(5):  # a scheduler that tries again each minute
            scene.sends()
            clock.move(minutes=1)
    assert [m["state"] for m in scene.all()] == ["sent"]
    assert len(scene.toy.inbox(ZOE)) == 1


def test_what_was_refused_is_written_down_too(toys, write_to, monkeypatch):
    scene = toys("nothing")
    write_to([ZOE, LEA], "Bonjour")
    scene.toy.plan = ["refused"]
    _break(monkeypatch, "the breaker")
    scene.sends()
    assert sorted(m["state"] for m in scene.all()) == ["failed", "sent"]


def test_an_answer_that_is_nonsense_is_a_doubt(toys, write_to):
    scene = toys("nothing")
    write_to([ZOE, LEA], "Bonjour")
    kept = scene.toy.connector("nothing")
    broken = replace(kept.carrier, send=lambda ctx, messages: ["yes", None])
    there = replace(scene.ground, connectors={"toy": replace(kept, carrier=broken)})
    replace(scene, ground=there).sends()
    assert {m["state"] for m in scene.all()} == {"uncertain"}


def _away(scene):
    """The same hub, whose database nobody answers for."""
    url = "postgresql://nobody@127.0.0.1:9/none"
    return replace(scene.ground, database=connect(url, pool=1))


@pytest.fixture
def spooled(toys, write_to, monkeypatch):
    """Two messages taken by a carrier that can prove nothing, just as the database went away."""
    scene, kept = toys("nothing"), noting.note_answers
    scene.toy.numbered = True
    write_to([ZOE, LEA], "Bonjour")
    monkeypatch.setattr(noting.time, "sleep", lambda seconds: None)
    monkeypatch.setattr(
        "hub.send.dispatch.note_answers", lambda ground, *rest: kept(_away(scene), *rest)
    )
    scene.sends()
    monkeypatch.undo()
    assert {m["state"] for m in scene.all()} == {"sending"}
    return scene


def test_while_the_database_is_away_what_was_accepted_is_spooled_and_told_later(spooled, token_of):
    assert spool.replay(spooled.ground) == 2
    assert [m["state"] for m in spooled.all()] == ["sent", "sent"]
    names = [m["carrier_message_id"] for m in spooled.all()]
    assert names == [f"{token_of(ZOE)}-1", f"{token_of(LEA)}-2"]
    assert spool.replay(spooled.ground) == 0


def test_the_spool_wins_over_a_doubt_that_came_first(spooled, clock):
    with spooled.ground.database.begin() as db:
        run(db, "UPDATE messages SET owner = 7")
    clock.move(minutes=20)
    assert mark_abandoned(spooled.ground, 52999) == 2
    assert {m["state"] for m in spooled.all()} == {"uncertain"}
    spooled.wait(seconds=1)
    assert {m["state"] for m in spooled.all()} == {"sent"}
    assert len(spooled.toy.shows) == 2


@pytest.mark.parametrize("waits", ["scheduled", "held"])
def test_what_waits_to_go_again_does_not_once_it_is_known_to_be_taken(spooled, waits):
    with spooled.ground.database.begin() as db:
        run(db, "UPDATE messages SET state = :state", state=waits)
    assert spool.replay(spooled.ground) == 2
    spooled.sends()
    assert {m["state"] for m in spooled.all()} == {"sent"}
    assert len(spooled.toy.shows) == 2


def test_the_spool_is_kept_while_the_database_stays_away(spooled):
    assert spool.replay(_away(spooled)) == 0
    assert spool.replay(spooled.ground) == 2


def test_a_line_that_a_power_cut_tore_costs_no_other(spooled):
    path = spooled.ground.settings.data_dir / "accepted.spool"
    whole = path.read_bytes()
    path.write_bytes(b"[1]\nnull\n" + whole + whole[:40])
    assert spool.replay(spooled.ground) == 2
    assert path.read_bytes() == b""


def test_the_spool_holds_no_text_and_no_number_and_only_its_owner_reads_it(spooled):
    path = spooled.ground.settings.data_dir / "accepted.spool"
    assert not any(number[1:].encode() in path.read_bytes() for number in (ZOE, LEA))
    assert path.stat().st_mode & 0o777 == 0o600
    for line in path.read_bytes().splitlines():
        told = orjson.loads(line)
        assert set(told) == {"id", "fence", "n", "carrier_message_id", "price", "currency"}


def test_a_folder_that_cannot_be_written_costs_nothing_but_a_look_up(tmp_path):
    (tmp_path / "file").write_text("no folder")
    spool.keep(tmp_path / "file", [])
    assert (tmp_path / "file").read_text() == "no folder"


def test_a_database_that_is_back_in_time_needs_no_spool(toys, write_to, monkeypatch):
    scene, kept, fails = toys("nothing"), sending.finish_sending, [1, 1]
    write_to([ZOE], "Bonjour")

    def finish(*given):
        if fails:
            fails.pop()
            raise OperationalError("away", None, Exception())
        return kept(*given)

    monkeypatch.setattr(noting.time, "sleep", lambda seconds: None)
    monkeypatch.setattr(sending, "finish_sending", finish)
    scene.sends()
    assert [m["state"] for m in scene.all()] == ["sent"]
    assert not (scene.ground.settings.data_dir / "accepted.spool").exists()
