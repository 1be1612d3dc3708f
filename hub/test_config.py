"""Settings come from the environment alone, and a wrong one says which it is."""

import stat
from dataclasses import fields

import pytest

from hub import config


def test_nothing_set_gives_the_defaults():
    settings = config.read({"HOME": "/home/zoe"})
    assert settings.port == 8025
    assert settings.address == "http://127.0.0.1:8025"


def test_a_number_that_is_none_names_its_variable():
    with pytest.raises(config.BadSetting, match="HUB_PORT"):
        config.read({"HUB_PORT": "eighty"})


def test_a_lease_shorter_than_a_slow_call_is_refused():
    with pytest.raises(config.BadSetting, match="HUB_LEASE"):
        config.read({"HUB_LEASE": "30", "HUB_CARRIER_DEADLINE": "10"})


def test_settings_handed_to_a_child_come_back_the_same(tmp_path):
    settings = config.read({"HUB_DATA": str(tmp_path), "HUB_PORT": "9000", "HUB_SWEEP": "0.5"})
    assert config.read(settings.environment()) == settings
    assert len(settings.environment()) == len(fields(settings))


def test_the_master_key_is_made_once_and_only_its_owner_may_read_it(tmp_path):
    settings = config.read({"HUB_DATA": str(tmp_path / "data")})
    first = config.master_key(settings)
    assert config.master_key(settings) == first
    path = tmp_path / "data" / "master.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [p.name for p in path.parent.iterdir()] == ["master.key"]


def test_a_master_key_of_the_wrong_length_is_refused(tmp_path):
    settings = config.read({"HUB_DATA": str(tmp_path), "HUB_MASTER_KEY": "abc"})
    with pytest.raises(config.BadSetting, match="64"):
        config.master_key(settings)


@pytest.mark.parametrize(
    "line", ["sent to +33639980123", "GET /x?to=33639980123", "Key (phone)=(+447700900123)"]
)
def test_a_phone_number_in_the_log_is_cut_to_two_digits(line):
    cut = config.redacted(line)
    assert "39980" not in cut
    assert "7009001" not in cut
    assert cut.rstrip(")").endswith("23")


def test_a_secret_may_stand_in_a_file_as_containers_give_it(tmp_path):
    file = tmp_path / "master_key"
    file.write_text("ab" * 32 + "\n")
    assert config.read({"HUB_MASTER_KEY_FILE": str(file)}).master_key == "ab" * 32
    assert config.read({"HUB_MASTER_KEY_FILE": str(file), "HUB_MASTER_KEY": "c"}).master_key == "c"
    with pytest.raises(config.BadSetting, match="HUB_MASTER_KEY_FILE"):
        config.read({"HUB_MASTER_KEY_FILE": str(tmp_path / "none")})
