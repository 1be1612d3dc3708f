"""The last step before an engine's program: leave root, follow the owner into death, then exec.

`launch` lines run this very file as a small process of its own, so that no Python code has to run
between fork and exec of a hub that has threads.
"""

import ctypes
import os
import pwd
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

_PR_SET_PDEATHSIG, _PR_SET_KEEPCAPS, _PR_GET_SECUREBITS, _PR_SET_SECUREBITS = 1, 8, 27, 28
_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE = 47, 2
# Without this bit access(2), which initdb asks, forgets an ordinary user's capabilities.
_SECBIT_NO_SETUID_FIXUP = 1 << 2
_CAP_VERSION_3 = 0x20080522
# Docker grants root the first but not the second, hardened units the second but not the first.
_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH, _CAP_SETPCAP = 1 << 1, 1 << 2, 1 << 8
REFUSED = "refused: "
_NO_ORDINARY_USER = (
    "it must not run as root, and root may not hand {} to an ordinary user here. "
    "Start the hub as an ordinary user"
)


@dataclass(frozen=True)
class Account:
    """The unprivileged user an engine runs as."""

    uid: int
    gid: int


def engine_account(*folders: Path) -> Account | None:
    """Whom the engines run as: None is "as we are"; as root, an ordinary owner of `folders`.

    PostgreSQL refuses to run as root, and insists on owning its folder. Where root owns all of
    `folders` it is nobody.
    """
    if os.geteuid() != 0:
        return None
    for found in (folder.stat() for folder in folders if folder.exists()):
        if found.st_uid != 0:
            return Account(found.st_uid, found.st_gid)
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        return Account(65534, 65534)
    return Account(nobody.pw_uid, nobody.pw_gid)


def launch(
    command: list[str], account: Account | None, reach: Path, at_death: signal.Signals
) -> list[str]:
    """The command line that runs `command` as `account` and sends it `at_death` if we die.

    `reach` is a folder the engine must be able to enter.
    """
    who = f"{account.uid}:{account.gid}" if account else "-"
    owner = str(os.getpid())
    return [
        *[sys.executable, "-I", "-S", __file__],
        *[who, str(reach), str(int(at_death)), owner, *command],
    ]


def _main(arguments: list[str]) -> None:
    (who, reach, at_death, owner), command = arguments[:4], arguments[4:]
    if who != "-":
        uid, gid = who.split(":")
        try:
            _leave_root(int(uid), int(gid), reach)
        except OSError as error:
            raise PermissionError(_NO_ORDINARY_USER.format(reach)) from error
    if sys.platform == "linux":
        # After the change of user: that change clears the wish.
        _prctl(_PR_SET_PDEATHSIG, int(at_death))
        if os.getppid() != int(owner):
            return  # the owner died before the wish was known
    os.execv(command[0], command)  # noqa: S606


def _leave_root(uid: int, gid: int, reach: str) -> None:
    if sys.platform == "linux":
        _prctl(_PR_SET_KEEPCAPS, 1)
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
    if _can_enter(reach):
        _keep_capabilities(0)
        return
    for capability in (_CAP_DAC_READ_SEARCH, _CAP_DAC_OVERRIDE):
        if sys.platform == "linux" and _keep_ambient(capability) and _can_enter(reach):
            return
    raise PermissionError(reach)


def _can_enter(folder: str) -> bool:
    return os.access(folder, os.R_OK | os.X_OK)


def _keep_ambient(capability: int) -> bool:
    """Hold exactly this capability, through exec too; False when the machine does not allow it."""
    try:
        _keep_capabilities(capability | _CAP_SETPCAP)
        bits = _prctl(_PR_GET_SECUREBITS, 0)
        _prctl(_PR_SET_SECUREBITS, bits | _SECBIT_NO_SETUID_FIXUP)
        _keep_capabilities(capability)
        _prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, capability.bit_length() - 1)
    except OSError:
        return False
    return True


def _keep_capabilities(mask: int) -> None:
    if sys.platform != "linux":
        return
    header = (ctypes.c_uint32 * 2)(_CAP_VERSION_3, 0)
    # Two rows (capabilities 0-31, 32-63) of effective, permitted, inheritable.
    data = (ctypes.c_uint32 * 6)(mask, mask, mask, 0, 0, 0)
    if ctypes.CDLL(None, use_errno=True).capset(header, data) != 0:
        raise OSError(ctypes.get_errno(), "capset")


def _prctl(option: int, first: int, second: int = 0) -> int:
    arguments = [ctypes.c_ulong(value) for value in (first, second, 0, 0)]
    answer = int(ctypes.CDLL(None, use_errno=True).prctl(option, *arguments))
    if answer < 0:
        raise OSError(ctypes.get_errno(), "prctl")
    return answer


if __name__ == "__main__":
    try:
        _main(sys.argv[1:])
    except OSError as error:
        sys.stderr.write(f"{REFUSED}{error}\n")
        sys.exit(1)
