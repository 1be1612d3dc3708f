"""`hub audit`, and the lines that other commands leave."""

import psycopg


def test_what_an_operator_changes_is_listed_and_proven(hub, ground):
    made = hub("workspace", "new", "--name", "Maison Lune", "--country", "FR").stdout.split()[1]
    hub("workspace", "key", made, "--scopes", "read,manage", "--name", "till")
    hub("workspace", "mode", made, "--live", "--tester", "06 39 98 01 23")
    told = hub("audit", "list", "--workspace", made)
    assert told.exit_code == 0
    for what in ("workspace.new", "workspace.key", "workspace.mode", "cli:"):
        assert what in told.output
    assert "39980123" not in told.output
    proven = hub("audit", "verify")
    assert proven.exit_code == 0
    assert "3 lines, whole" in proven.output


def test_a_line_changed_in_the_database_is_found(hub, ground):
    hub("workspace", "new", "--name", "Maison Lune", "--country", "FR")
    anchor = hub("audit", "verify").stdout.split()[-1]
    with psycopg.connect(ground.settings.database_url, autocommit=True) as owner:
        owner.execute("UPDATE audit SET who = 'cli:nobody'")
    told = hub("audit", "verify")
    assert told.exit_code == 1
    assert "Line 1" in told.output
    with psycopg.connect(ground.settings.database_url, autocommit=True) as owner:
        owner.execute("DELETE FROM audit")
    assert hub("audit", "verify").exit_code == 0
    assert hub("audit", "verify", "--anchor", anchor).exit_code == 1
