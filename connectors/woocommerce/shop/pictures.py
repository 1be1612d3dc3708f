"""Pictures of the shop's products: small PNGs, drawn here, each product in its own colours."""

import struct
import zlib
from colorsys import hls_to_rgb
from functools import lru_cache
from hashlib import sha256

SIDE = 480

_Shape = tuple[tuple[float, float, float, float], ...]

# What a product looks like, by the last word of its name, as spans: from this height to that one,
# the half width goes from … to …. All in hundredths of the side.
_SHAPES = {
    "shirt": (
        *((13, 22, 0.6, 1.2), (22, 27, 2, 20), (27, 36, 20, 34)),
        *((36, 47, 34, 31), (47, 48, 31, 19), (48, 84, 19, 22)),
    ),
    "scarf": ((14, 19, 9, 17), (19, 27, 17, 15), (27, 31, 15, 8), (31, 80, 8, 15)),
}
_PARCEL = ((34, 84, 27, 27),)


@lru_cache(maxsize=128)
def png(name: str) -> bytes:
    """A square picture for this name; the same name gives the same picture."""
    shape = _SHAPES.get(name.rpartition("-")[2], _PARCEL)
    rows = b"".join(b"\x00" + _row(height, shape) for height in range(SIDE))
    head = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 3, 0, 0, 0)
    parts = (("IHDR", head), ("PLTE", _palette(name)), ("IDAT", zlib.compress(rows, 9)))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in (*parts, ("IEND", b"")))


def _row(height: int, shape: _Shape) -> bytes:
    """One line of pixels: 0 is the wall, 1 the floor, 2 the product."""
    ground = b"\x01" if height > SIDE * 0.84 else b"\x00"
    half = round(_half_width(height * 100 / SIDE, shape) * SIDE / 100)
    edge = SIDE // 2 - half
    return ground * edge + b"\x02" * (2 * half) + ground * edge


def _half_width(height: float, shape: _Shape) -> float:
    for top, bottom, start, end in shape:
        if top <= height < bottom:
            return start + (end - start) * (height - top) / (bottom - top)
    return 0.0


def _palette(name: str) -> bytes:
    hue = sha256(name.encode()).digest()[0] / 256
    colours = ((hue, 0.93, 0.35), (hue, 0.84, 0.3), ((hue + 0.08) % 1, 0.5, 0.45))
    return bytes(round(255 * part) for colour in colours for part in hls_to_rgb(*colour))


def _chunk(kind: str, data: bytes) -> bytes:
    body = kind.encode() + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))
