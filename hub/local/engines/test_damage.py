"""A database that is gone or damaged is refused with the way back, never made anew."""

import json
from pathlib import Path

import pytest

from hub.config import Settings
from hub.local.engines import Damaged, own
from hub.local.engines.damage import NOTE
from hub.local.engines.proving import quiet
from hub.local.keeping.damaged import engines_to_fill


def test_a_database_that_is_gone_or_damaged_is_refused_and_set_aside_for_a_restore(
    fresh: Path,
) -> None:
    with own(fresh, quiet):
        pass
    cluster = fresh / "engines" / "postgres"
    control = cluster / "global" / "pg_control"
    whole = control.read_bytes()
    control.write_bytes(bytes(len(whole)))
    with pytest.raises(Damaged, match="No backup was ever made"):
        own(fresh, quiet)
    (fresh / NOTE).write_text(json.dumps({"path": "/safe/one.backup", "taken_at": "2026-06-10"}))
    control.write_bytes(whole)
    cluster.rename(fresh / "moved")
    with pytest.raises(Damaged, match="hub restore /safe/one"):
        own(fresh, quiet)
    assert not cluster.exists()
    (fresh / "moved").rename(cluster)
    control.write_bytes(bytes(len(whole)))
    with engines_to_fill(Settings(data=str(fresh)), quiet) as found:
        assert found.database_url
    assert len(list((fresh / "engines").glob("postgres.before-*"))) == 1
