"""A backup's file: one line that says what it is, then AES-256-GCM in pieces, under a key of its
own that comes from the master key. A piece changed, lost, doubled or cut off at the end shows."""

import json
import os
import struct
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hub.local.keeping.programs import CannotKeep

_FIRST = b"RELAIS-BACKUP 1\n"
_PIECE = 1024 * 1024
_LONGEST_LINE = 4096


@dataclass(frozen=True)
class Header:
    """What stands in the open: when the rows were taken (ISO 8601), on which step of the schema,
    what names the master key without telling it, and the salt of this file's own key."""

    taken_at: str
    step: str
    key_name: str
    salt: str


def header_for(master: bytes, taken_at: str, step: str) -> Header:
    """A new file's header."""
    return Header(taken_at, step, _key_name(master), os.urandom(16).hex())


def write(out: BinaryIO, master: bytes, header: Header, source: BinaryIO) -> int:
    """Seal everything that `source` gives; how many bytes that was."""
    line = json.dumps(asdict(header)).encode() + b"\n"
    out.write(_FIRST + line)
    cipher, size, piece = _cipher(master, header), 0, source.read(_PIECE)
    number = 0
    while True:
        following = source.read(_PIECE) if piece else b""
        sealed = cipher.encrypt(_nonce(number, last=not following), piece, line)
        out.write(struct.pack(">I", len(sealed)) + sealed)
        size += len(piece)
        if not following:
            return size
        number, piece = number + 1, following


def read_header(file: BinaryIO) -> Header:
    """What a file says of itself; the file stands behind it then. Raises CannotKeep."""
    return _header(file)[0]


def _header(file: BinaryIO) -> tuple[Header, bytes]:
    if file.readline(len(_FIRST)) != _FIRST:
        raise CannotKeep("This file is not a backup of a hub.")
    line = file.readline(_LONGEST_LINE)
    try:
        header = Header(**json.loads(line))
        bytes.fromhex(header.salt)
    except (ValueError, TypeError):
        raise CannotKeep("This backup is damaged: its first lines cannot be read.") from None
    return header, line


def read(file: BinaryIO, master: bytes) -> Iterator[bytes]:
    """The pieces, opened, from a file at its beginning. Raises CannotKeep before it gives anything
    that is not as it was written, and at the end where the end is missing."""
    header, line = _header(file)
    if header.key_name != _key_name(master):
        raise CannotKeep(
            "This backup was sealed with another master key. Put the master.key of that hub in "
            "place, or give it in HUB_MASTER_KEY."
        )
    cipher, number, last = _cipher(master, header), 0, False
    while not last:
        piece, last = _opened(file, cipher, number, line)
        yield piece
        number += 1


def _opened(file: BinaryIO, cipher: AESGCM, number: int, line: bytes) -> tuple[bytes, bool]:
    head = file.read(4)
    length = struct.unpack(">I", head)[0] if len(head) == 4 else 0
    sealed = file.read(length) if 16 <= length <= _PIECE + 16 else b""
    last = not file.read(1)
    if not last:
        file.seek(-1, os.SEEK_CUR)
    try:
        return cipher.decrypt(_nonce(number, last=last), sealed, line), last
    except (InvalidTag, ValueError):
        raise CannotKeep("This backup is damaged, or was cut off. Use another one.") from None


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _cipher(master: bytes, header: Header) -> AESGCM:
    return AESGCM(_derived(master, bytes.fromhex(header.salt), b"relais backup", 32))


def _key_name(master: bytes) -> str:
    return _derived(master, b"", b"relais backup: name of the master key", 8).hex()


def _derived(master: bytes, salt: bytes, label: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=label).derive(master)
