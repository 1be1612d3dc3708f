"""Every setting of the hub, read once from the environment (`HUB_…`) into one frozen object."""

import json
import logging
import os
import re
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, fields
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any

LONGEST_CALL = 3  # deadlines that one call may take, a batch taken apart included
CHECKOUT = Path(__file__).resolve().parent.parent


def default_data_dir(environ: Mapping[str, str]) -> Path:
    """Where a hub keeps its own engines and keys: the system's place for root, else the user's."""
    if os.geteuid() == 0:
        return Path("/var/lib/relais")
    base = environ.get("XDG_DATA_HOME") or str(Path(environ.get("HOME", "/")) / ".local/share")
    return Path(base) / "relais"


@dataclass(frozen=True)
class Settings:
    """What an operator can choose. Each field is `HUB_` and its name in capitals.

    `database_url` and `redis_url` empty mean: the hub starts its own. Times are in seconds.
    `public_url` is what vendors and phones can reach; `lease` bounds how long a claimed message
    waits for its worker, and must be longer than three times `carrier_deadline`. `read_seconds` is
    how long a client may take for the head of a request, and again for its body.
    `trusted_hosts` are names, with commas, under which the hub answers beside that of `public_url`,
    loopback and the workspaces' link hosts; `*` is any. `proxies` is how many stand in front and
    write X-Forwarded-For; with 0 nobody is believed. Requests `…_per_key`, `…_per_address` are for
    a minute; 0 is without limit. `allow_private` names networks of this machine or the house that
    connections may lead into, plain http included: "127.0.0.0/8, 10.4.0.0/16", or 1 for all.
    The `keep_…_days` are how long requests, texts and numbers that nobody needs any more are kept;
    0 is for ever.
    """

    database_url: str = ""
    redis_url: str = ""
    data: str = ""
    connectors: str = str(CHECKOUT / "connectors")
    templates: str = str(CHECKOUT / "templates")
    host: str = "127.0.0.1"
    port: int = 8025
    public_url: str = ""
    web_processes: int = 1
    read_seconds: int = 10
    worker_processes: int = 2
    worker_threads: int = 3
    carrier_deadline: float = 15.0
    lease: float = 60.0
    sweep: float = 1.0
    poll_every: float = 0.0
    master_key: str = ""
    log_level: str = "INFO"
    trusted_hosts: str = ""
    proxies: int = 0
    api_per_key: int = 6000
    api_per_address: int = 12000
    links_per_address: int = 1200
    allow_private: str = ""
    keep_raw_days: int = 14
    keep_texts_days: int = 30
    keep_numbers_days: int = 90

    @property
    def data_dir(self) -> Path:
        """The folder that is the hub's own."""
        return Path(self.data)

    @property
    def address(self) -> str:
        """The hub's own address as others see it, without a trailing slash."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def sandbox_line(self) -> Path:
        """Where the process that plays vendors says how it is reached."""
        return self.data_dir / "sandbox.json"

    @property
    def sandbox_wish(self) -> Path:
        """Stands while somebody wants that process."""
        return self.data_dir / "sandbox.wanted"

    @property
    def address_within(self) -> str:
        """The hub's own address for what runs on the same machine."""
        everywhere = self.host in ("0.0.0.0", "::", "")  # noqa: S104 - compared, not bound
        return f"http://{'127.0.0.1' if everywhere else self.host}:{self.port}"

    @property
    def inward(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """The closed networks that calls may lead into. Raises BadSetting."""
        told = self.allow_private.strip()
        if told in ("", "0"):
            return ()
        if told == "1":
            return ip_network("0.0.0.0/0"), ip_network("::/0")
        try:
            return tuple(ip_network(one.strip()) for one in told.split(",") if one.strip())
        except ValueError:
            words = "must be 1, or networks with commas such as 10.4.0.0/16"
            raise BadSetting(f"HUB_ALLOW_PRIVATE {words}, not «{told}».") from None

    def environment(self) -> dict[str, str]:
        """The same settings as environment variables, for a child process."""
        return {f"HUB_{f.name.upper()}": str(getattr(self, f.name)) for f in fields(self)}


class BadSetting(ValueError):
    """A `HUB_…` variable cannot be used; the words say which and why."""


def read(environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings of this process. Raises BadSetting naming the variable."""
    given: dict[str, Any] = {}
    for field in fields(Settings):
        name = f"HUB_{field.name.upper()}"
        if told := _told(name, environ):
            given[field.name] = _typed(name, told, type(field.default))
    given.setdefault("data", str(default_data_dir(environ)))
    settings = Settings(**given)
    _ = settings.inward
    if settings.lease <= LONGEST_CALL * settings.carrier_deadline:
        raise BadSetting(
            f"HUB_LEASE ({settings.lease} s) must be longer than {LONGEST_CALL} times "
            f"HUB_CARRIER_DEADLINE ({settings.carrier_deadline} s), or a slow carrier looks like a "
            "dead worker."
        )
    return settings


def _told(name: str, environ: Mapping[str, str]) -> str:
    """A variable, or what stands in the file that `<name>_FILE` names, as containers and systemd
    hand secrets over."""
    file = environ.get(f"{name}_FILE")
    if environ.get(name) or not file:
        return environ.get(name, "")
    try:
        return Path(file).read_text("utf-8").strip()
    except (OSError, ValueError):
        raise BadSetting(f"{name}_FILE names {file}, which cannot be read.") from None


def _typed(name: str, text: str, kind: type) -> str | int | float:
    try:
        return kind(text)  # type: ignore[no-any-return]
    except ValueError:
        raise BadSetting(f"{name} must be a number, not «{text}».") from None


def master_key(settings: Settings) -> bytes:
    """The 32 bytes that seal secrets: from HUB_MASTER_KEY (64 hex digits), or kept in the data
    folder, made at first use."""
    if settings.master_key:
        return _key_from(settings.master_key, "HUB_MASTER_KEY")
    path = settings.data_dir / "master.key"
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write_once(path, secrets.token_hex(32))
    return _key_from(path.read_text().strip(), str(path))


def _write_once(path: Path, text: str) -> None:
    mine = path.with_name(f"{path.name}.{os.getpid()}")
    mine.touch(mode=0o600)
    mine.write_text(text)
    try:
        os.link(mine, path)  # fails if another process was first: then its key is the key
    except FileExistsError:
        pass
    finally:
        mine.unlink()


def _key_from(text: str, where: str) -> bytes:
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != 32:
        raise BadSetting(f"The key in {where} must be 64 hexadecimal digits.")
    return key


class _Lines(logging.Formatter):
    """One line each: time, level, the event's name, then ids and figures as name=value."""

    _OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}

    def format(self, record: logging.LogRecord) -> str:
        more = {k: v for k, v in vars(record).items() if k not in self._OWN}
        fields = "".join(f" {name}={json.dumps(str(value))}" for name, value in more.items())
        when = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        line = f"{when}.{int(record.msecs):03d}Z {record.levelname.lower()} {record.getMessage()}"
        trace = f"\n{self.formatException(record.exc_info)}" if record.exc_info else ""
        return redacted(line + fields + trace)


_NUMBER = re.compile(r"\+?\d{9,15}(?!\d)|(?:\+|\b0)\d(?:[ .]?\d){7,13}(?!\d)")
# What opens something: keys and tokens, in headers, in addresses, in fields.
_SECRET = re.compile(
    r"((?:bearer|basic)\s+|rls_|/hooks/\w+/|/l/|/connect/"
    r"|(?:token|secret|password|passwd|api_?key|signature)[\"']?\s*[=:]\s*[\"']?)"
    r"[^\s\"'&,;<>)\]}]{4,}",
    re.IGNORECASE,
)


def redacted(line: str) -> str:
    """The line with anything as long as a phone number cut down to its last two digits, and what
    looks like a key or a token cut out."""
    kept = _SECRET.sub(r"\1…", line)
    return _NUMBER.sub(lambda found: "…" + found[0][-2:], kept)


def log_to_stderr(level: str) -> None:
    """All of this process's log, in one form, to standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Lines())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for loud in ("urllib3", "requests", "kombu", "celery", "amqp", "alembic"):
        logging.getLogger(loud).setLevel(logging.WARNING)
