"""A reply in a merchant's own words does what the word means."""

from hub.store.database import jsonb, row, run

LEA = "+33639980001"


def test_a_stop_in_a_merchants_own_words_is_a_stop(ground, workspace, road, shop, carrier):
    with ground.database.begin(workspace) as db:
        run(
            db,
            "UPDATE workspaces SET rules = CAST(:rules AS jsonb) WHERE id = :id",
            rules=jsonb({"keywords": {"stop": ["lâchez-moi"]}}),
            id=workspace,
        )
    shop.simulator.place_order(phone=LEA, first_name="Léa", country="FR", consent=True)
    road.walk()
    carrier.simulator.answer(LEA, "Lachez-moi !")
    road.walk()
    with ground.database.begin(workspace) as db:
        kept = row(db, "SELECT keyword FROM replies")
        said = row(db, "SELECT verdict FROM consents ORDER BY id DESC LIMIT 1")
    assert kept is not None
    assert said is not None
    assert (kept["keyword"], said["verdict"]) == ("stop", "stopped")
