"""The commands around a backup, on this test's database."""

import re

from hub.cli.conftest import Hub


def test_a_backup_is_named_and_the_key_is_not_in_it(hub: Hub, tmp_path) -> None:
    done = hub("backup", str(tmp_path / "kept"), "--keep", "1")
    assert done.exit_code == 0, done.output
    [made] = (tmp_path / "kept").iterdir()
    assert str(made) in done.output
    assert "master key is not in it" in done.output


def test_a_file_that_is_no_backup_changes_nothing(hub: Hub, tmp_path) -> None:
    (tmp_path / "x").write_bytes(b"PGDMP")
    done = hub("restore", str(tmp_path / "x"), "--yes")
    assert done.exit_code == 1
    assert re.search("Nothing was restored.*not a backup", done.output)


def test_a_database_that_was_never_restored_holds_nothing(hub: Hub) -> None:
    assert "never restored" in hub("release").output


def test_a_part_that_does_not_run_is_said_so(hub: Hub) -> None:
    done = hub("alive", "clock")
    assert done.exit_code == 1
    assert "No clock runs" in done.output
