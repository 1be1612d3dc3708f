"""A new connector's folder, written from the blank one of the kit."""

import re
import shutil
from pathlib import Path

from hub.contract.kit import blank
from hub.registry import SLUG

TITLE = "Example Vendor"
_UNSAFE = re.compile(r"[\"'\\{}<>&\x00-\x1f]")
_LONGEST = 60


class CannotWrite(Exception):
    """The folder cannot be written; the argument says why and what to do."""


def write(root: Path, slug: str, title: str = "") -> Path:
    """Write `root/slug`, a connector that passes the kit. Raises CannotWrite."""
    folder, named = root / slug, title.strip() or slug.replace("_", " ").capitalize()
    if not SLUG.fullmatch(slug):
        raise CannotWrite(f"«{slug}» is no slug: use small letters, digits and _, a letter first.")
    if _UNSAFE.search(named) or len(named) > _LONGEST:
        raise CannotWrite("The title must be at most 60 plain characters, without quotes.")
    if folder.exists():
        raise CannotWrite(f"{folder} is already there; choose another slug or remove it first.")
    _copy(Path(blank.__file__).parent, folder)
    for path in (*folder.glob("*.py"), *folder.glob("*.md")):
        path.write_text(path.read_text("utf-8").replace(TITLE, named), "utf-8")
    (folder / "test_blank.py").rename(folder / f"test_{slug}.py")
    return folder


def _copy(blank_folder: Path, folder: Path) -> None:
    try:
        shutil.copytree(blank_folder, folder, ignore=shutil.ignore_patterns("__pycache__"))
    except OSError as error:
        raise CannotWrite(f"{folder} cannot be written: {error.strerror or error}.") from None
