"""What stands in deploy/: each file is read by the program it is for, or by its rules."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.version import Version

from hub.config import CHECKOUT, Settings
from hub.work.nudges import ARROWS

DEPLOY = CHECKOUT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("relais*.*"))
SCRIPTS = sorted(DEPLOY.glob("*.sh"))
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
HUB = [name for name, part in COMPOSE["services"].items() if part["image"] == "relais"]

# Below these a published weakness is open: Flask CVE-2025-47278, Jinja2 CVE-2025-27516,
# Werkzeug CVE-2024-49766 and -49767, gunicorn CVE-2024-1135 and -6827, requests CVE-2024-47081,
# urllib3 CVE-2025-50181, cryptography CVE-2024-12797.
FLOORS = {
    "flask": "3.1.1", "werkzeug": "3.0.6", "jinja2": "3.1.6", "gunicorn": "23.0.0",
    "requests": "2.32.4", "urllib3": "2.5.0", "cryptography": "44.0.1",
}  # fmt: skip


def locked():
    text = (DEPLOY / "requirements.lock").read_text("utf-8")
    found = re.findall(r"^([a-zA-Z0-9._-]+)==([^\s;\\]+)", text, re.M)
    return {name.lower(): Version(version) for name, version in found}


@pytest.mark.parametrize("name", sorted(FLOORS))
def test_no_package_is_locked_below_a_version_whose_weakness_is_known(name):
    assert locked()[name] >= Version(FLOORS[name])


def test_no_direct_requirement_lets_a_weak_version_in():
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))["project"]
    for one in map(Requirement, project["dependencies"]):
        if one.name.lower() in FLOORS:
            assert not one.specifier.contains(f"{FLOORS[one.name.lower()]}.dev0", prereleases=True)


def test_every_package_is_locked_by_its_hash():
    text = (DEPLOY / "requirements.lock").read_text("utf-8")
    pinned = re.split(r"^(?=[a-zA-Z0-9._-]+==)", text, flags=re.M)[1:]
    assert len(pinned) > 20
    assert all("--hash=sha256:" in one for one in pinned)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_is_well_formed_and_stops_at_the_first_failure(script: Path):
    subprocess.run(["sh", "-n", str(script)], check=True)
    assert script.name in ("assets.sh", "setup.sh") or "set -eu" in script.read_text("utf-8")


def test_the_parts_of_a_container_can_write_nothing_and_become_nobody_else():
    for part in COMPOSE["services"].values():
        assert part["read_only"] is True
        assert part["cap_drop"] == ["ALL"]
        assert part["security_opt"] == ["no-new-privileges:true"]
        assert {"memory", "cpus"} <= set(part["deploy"]["resources"]["limits"])
        assert part["pids_limit"]
        assert part["image"] == "relais" or part.get("user")


def test_every_part_that_stays_up_says_whether_it_is_well():
    for name, part in COMPOSE["services"].items():
        assert ("healthcheck" in part) is (part["restart"] != "no"), name


def test_the_workers_serve_every_queue_once_and_marketing_apart():
    served = [
        part["command"][2].split(",")
        for part in COMPOSE["services"].values()
        if part["command"][0] == "worker"
    ]
    assert sorted(name for queues in served for name in queues) == sorted(ARROWS)
    assert not any({"send_transactional", "send_marketing"} <= set(queues) for queues in served)


def test_no_secret_stands_in_a_file_and_the_databases_are_not_to_be_reached_from_outside():
    text = (DEPLOY / "compose.yaml").read_text("utf-8")
    assert not re.search(r"(PASSWORD|KEY|requirepass)[^\n]*[:=] *[^$\s{][^\n]*[0-9a-f]{16}", text)
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    for name in ("postgres", "valkey"):
        assert COMPOSE["services"][name]["networks"] == ["inside"]
        assert "ports" not in COMPOSE["services"][name]


def test_every_variable_that_the_hub_is_given_is_one_it_knows():
    known = set(Settings().environment()) | {"HUB_QUEUES"}
    given = {name for part in HUB for name in COMPOSE["services"][part]["environment"]}
    texts = [path.read_text("utf-8") for path in (DEPLOY / "systemd").rglob("*") if path.is_file()]
    texts.append((DEPLOY / "Dockerfile").read_text("utf-8"))
    assert given | set(re.findall(r"\bHUB_[A-Z_]+", "\n".join(texts))) <= known


def test_the_image_runs_as_an_ordinary_user_and_holds_what_is_locked():
    text = (DEPLOY / "Dockerfile").read_text("utf-8")
    assert re.findall(r"^USER (.*)$", text, re.M)[-1] == "10001:10001"
    assert "--require-hashes" in text
    for source in re.findall(r"^COPY (?!--from)(.*) \S+$", text, re.M):
        assert all((CHECKOUT / name).exists() for name in source.split()), source


def test_secrets_are_made_once_and_for_their_owner_alone(tmp_path: Path):
    for _ in range(2):
        made = subprocess.run(
            ["sh", str(DEPLOY / "secrets.sh"), str(tmp_path / "env")],
            check=True,
            capture_output=True,
        )
    assert b"nothing was changed" in made.stdout
    assert (tmp_path / "env").stat().st_mode & 0o777 == 0o600
    text = (tmp_path / "env").read_text()
    assert re.search(r"^RELAIS_MASTER_KEY=[0-9a-f]{64}$", text, re.M)
    wanted = set(re.findall(r"\$\{(RELAIS_[A-Z_]+):\?", (DEPLOY / "compose.yaml").read_text()))
    assert wanted <= set(re.findall(r"^(RELAIS_[A-Z_]+)=", text, re.M))


def test_systemd_understands_every_unit(tmp_path: Path):
    program = shutil.which("systemd-analyze")
    for unit in UNITS:
        _keep_for_this_machine(unit, tmp_path)
    if program is None:
        return
    wanted = [str(tmp_path / u.name.replace("@.", "@rest.")) for u in UNITS if u.is_file()]
    said = subprocess.run(
        [program, "verify", "--man=no", *wanted], capture_output=True, text=True, check=False
    )
    ours = [line for line in said.stderr.splitlines() if "relais" in line]
    assert (said.returncode, ours) == (0, [])


def _keep_for_this_machine(unit: Path, folder: Path) -> None:
    if unit.is_dir():
        shutil.copytree(unit, folder / unit.name)
        return
    text = unit.read_text("utf-8")
    program = Path(sys.executable).with_name("hub")
    for line in re.findall(r"^ExecStart=(.*)$", text, re.M):
        assert line.startswith("/opt/relais/.venv/bin/hub ")
    (folder / unit.name).write_text(text.replace("/opt/relais/.venv/bin/hub", f'"{program}"'))


def test_units_are_sealed_and_come_back():
    sealed = (DEPLOY / "systemd/relais-.service.d/sealed.conf").read_text("utf-8")
    for line in (
        "User=relais", "ProtectSystem=strict", "NoNewPrivileges=yes", "UMask=0077",
        "ReadWritePaths=/var/lib/relais", "CapabilityBoundingSet=",
    ):  # fmt: skip
        assert f"\n{line}\n" in sealed
    for part in ("web", "clock", "worker@"):
        text = (DEPLOY / f"systemd/relais-{part}.service").read_text("utf-8")
        assert "\nRestart=always\n" in text
