"""The ledger: whatever order words arrive in, the strictest one wins."""

import itertools
from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.store import consent
from hub.store.database import new_id

PHONE = "+33639980123"
START = datetime(2026, 6, 1, tzinfo=UTC)


def word(workspace, verdict, source="shop", minute=0, phone=PHONE):
    return {
        "id": new_id(),
        "workspace_id": workspace,
        "phone": phone,
        "verdict": verdict,
        "source": source,
        "connection_id": None,
        "said_at": START + timedelta(minutes=minute),
        "wording": "",
    }


def standing(ground, workspace, *words, phone=PHONE):
    with ground.database.begin() as db:
        consent.add_all(db, words)
        return consent.standing(db, [workspace], [phone]).get((workspace, phone))


def test_nothing_said_is_no_standing(ground, workspace):
    assert standing(ground, workspace) is None


def test_the_same_word_told_twice_is_one_line(ground, workspace):
    line = word(workspace, "granted")
    with ground.database.begin() as db:
        assert len(consent.add_all(db, [line])) == 1
        assert consent.add_all(db, [{**line, "id": new_id()}]) == []


def test_one_no_among_the_records_outweighs_every_yes(ground, workspace):
    found = standing(
        ground,
        workspace,
        word(workspace, "granted", "shop", 5),
        word(workspace, "withdrawn", "crm", 1),
    )
    assert found.marketing.verdict == "withdrawn"


def test_a_record_that_changed_its_mind_counts_as_it_is_now(ground, workspace):
    found = standing(
        ground,
        workspace,
        word(workspace, "withdrawn", "shop", 1),
        word(workspace, "granted", "shop", 2),
    )
    assert found.marketing.verdict == "granted"


def test_a_records_yes_after_a_stop_does_not_lift_it(ground, workspace):
    found = standing(
        ground,
        workspace,
        word(workspace, "stopped", "reply", 1),
        word(workspace, "granted", "shop", 9),
    )
    assert found.stop is not None


def test_start_lifts_a_stop_and_is_itself_a_yes(ground, workspace):
    found = standing(
        ground,
        workspace,
        word(workspace, "stopped", "reply", 1),
        word(workspace, "resumed", "reply", 2),
    )
    assert found.stop is None
    assert found.marketing.verdict == "resumed"


NUMBERS = itertools.count()
VERDICTS = st.sampled_from(["granted", "withdrawn", "stopped", "resumed"])
SAID = st.lists(
    st.tuples(VERDICTS, st.sampled_from(["shop", "crm", "reply"]), st.integers(0, 50)), max_size=8
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(said=SAID, seed=st.randoms())
def test_the_order_in_which_words_arrive_changes_nothing(ground, workspace, said, seed):
    unique = list(
        {(source, minute): (verdict, source, minute) for verdict, source, minute in said}.values()
    )
    moments = {minute: line for line in unique for minute in [line[2]]}
    lines = list(moments.values())
    shuffled = list(lines)
    seed.shuffle(shuffled)
    phones = [f"+3363998{next(NUMBERS):04d}" for _ in range(2)]
    found = [
        standing(
            ground, workspace, *[word(workspace, *line, phone=phone) for line in told], phone=phone
        )
        for told, phone in ((lines, phones[0]), (shuffled, phones[1]))
    ]
    assert found[0] == found[1]
