"""Give a screenshot a palette of 256 colours: a third of the size, and nobody sees it."""

import struct
import zlib
from collections import Counter
from functools import cache
from pathlib import Path

SIGNATURE = b"\x89PNG\r\n\x1a\n"
COLOURS = 256
CHANNELS = {2: 3, 6: 4}
RGB = 3
Colour = tuple[int, ...]


def shrink(path: Path) -> None:
    """Rewrite a PNG of 8 bits a channel in place; the most frequent colours stay exact."""
    width, height, channels, raw = _read(path.read_bytes())
    pixels = [
        tuple(row[at : at + RGB])
        for row in _unfiltered(raw, width * channels, height, channels)
        for at in range(0, width * channels, channels)
    ]
    palette = [colour for colour, _count in Counter(pixels).most_common(COLOURS)]
    index = {colour: number for number, colour in enumerate(palette)}

    @cache
    def nearest(colour: Colour) -> int:
        return min(range(len(palette)), key=lambda number: _distance(palette[number], colour))

    numbers = bytes(index[c] if c in index else nearest(c) for c in pixels)
    rows = b"".join(b"\0" + numbers[at : at + width] for at in range(0, len(numbers), width))
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = (
        (b"IHDR", head),
        (b"PLTE", bytes(value for colour in palette for value in colour)),
        (b"IDAT", zlib.compress(rows, 9)),
        (b"IEND", b""),
    )
    path.write_bytes(SIGNATURE + b"".join(_chunk(name, data) for name, data in parts))


def _distance(one: Colour, other: Colour) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _read(data: bytes) -> tuple[int, int, int, bytes]:
    """Return width, height, channels and the filtered rows."""
    at, packed, head = len(SIGNATURE), b"", b""
    while at < len(data):
        length, name = struct.unpack(">I4s", data[at : at + 8])
        if name == b"IHDR":
            head = data[at + 8 : at + 8 + length]
        elif name == b"IDAT":
            packed += data[at + 8 : at + 8 + length]
        at += length + 12
    width, height, _depth, kind = struct.unpack(">IIBB", head[:10])
    return width, height, CHANNELS[kind], zlib.decompress(packed)


def _unfiltered(raw: bytes, stride: int, height: int, step: int) -> list[bytes]:
    """Undo the line filters of PNG (RFC 2083, section 6)."""
    rows, above = [], bytes(stride)
    for number in range(height):
        start = number * (stride + 1)
        kind, line = raw[start], bytearray(raw[start + 1 : start + 1 + stride])
        if kind:
            _undo(kind, line, above, step)
        above = bytes(line)
        rows.append(above)
    return rows


def _undo(kind: int, line: bytearray, above: bytes, step: int) -> None:
    for at in range(len(line)):
        left = line[at - step] if at >= step else 0
        corner = above[at - step] if at >= step else 0
        guess = (left, above[at], (left + above[at]) // 2, _paeth(left, above[at], corner))
        line[at] = (line[at] + guess[kind - 1]) & 255


def _paeth(left: int, up: int, corner: int) -> int:
    near = left + up - corner
    return min((left, up, corner), key=lambda value: abs(near - value))
