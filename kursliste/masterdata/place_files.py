"""Files of places that an operator has: read line by line, with reasons.

Two forms of places are known: the postal codes of GeoNames (``DE.txt``, or the ``DE.zip`` it comes
in; twelve columns between tabs, https://download.geonames.org/export/zip/readme.txt), and a CSV
with the columns plz, ort, ags, lat, lon.
"""

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from kursliste.domain.edition import folded
from kursliste.domain.errors import KurslisteError

GERMANY: Final = ((47.0, 55.2), (5.5, 15.5))
"""Between which parallels and which meridians places lie (WGS 84)."""

LARGEST: Final = 400_000_000
"""Bytes of an unpacked file: the finest districts of the BKG have some 60 million."""

LONGEST_NAME: Final = 80
MOST_TOLD: Final = 20
GEONAMES: Final = 12
PLACE: Final = ("plz", "ort", "ags", "lat", "lon")
DIGITS: Final = 5


class UnreadableFileError(KurslisteError):
    """The file is none that is known, or holds too little; the text says it in German."""


@dataclass(frozen=True)
class PlaceLine:
    """A town with one of its postcodes and its district."""

    postcode: str
    name: str
    ags: str
    lat: float
    lon: float


@dataclass
class Places:
    """What a file holds; ``refused`` says of lines that were left out, why."""

    lines: dict[tuple[str, str], PlaceLine] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    repeated: int = 0


def read_places(path: Path) -> Places:
    """Read a file of places; UnreadableFileError where it is none or where most of it is odd."""
    text = text_of(path)
    head = text.lstrip("\ufeff").split("\n", 1)[0]
    rows = _of_geonames(text) if head.count("\t") >= GEONAMES - 2 else _of_csv(text)
    found = Places()
    for number, row in rows:
        try:
            line = _place(row)
        except ValueError as odd:
            found.refused.append(f"Zeile {number}: {odd}")
            continue
        key = (line.postcode, folded(line.name))
        found.repeated += key in found.lines
        found.lines.setdefault(key, line)
    if len(found.lines) <= len(found.refused):
        why = "; ".join(found.refused[:3]) or "es steht kein Ort darin"
        raise UnreadableFileError(f"Das ist keine Datei mit Orten: {why}.")
    return found


def text_of(path: Path) -> str:
    """Return what stands in a file of an operator; UnreadableFileError where that is no text."""
    try:
        if zipfile.is_zipfile(path):
            return _unpacked(path).decode("utf-8")
        if path.stat().st_size > LARGEST:
            raise UnreadableFileError("Die Datei ist zu groß.")
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise UnreadableFileError("Die Datei ist kein Text in UTF-8.") from None


def _unpacked(path: Path) -> bytes:
    try:
        with zipfile.ZipFile(path) as archive:
            names = [i for i in archive.infolist() if not i.is_dir() and "readme" not in i.filename]
            if len(names) != 1 or names[0].file_size > LARGEST:
                raise UnreadableFileError("Im Archiv muss genau eine Datei mit Orten liegen.")
            return archive.read(names[0])
    except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, NotImplementedError):
        raise UnreadableFileError("Das Archiv ist beschädigt oder verschlüsselt.") from None


def _of_geonames(text: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    for number, line in enumerate(io.StringIO(text), start=1):
        cells = line.rstrip("\r\n").split("\t")
        if len(cells) < GEONAMES - 1 or cells[0] != "DE":
            yield number, {}
            continue
        yield number, dict(zip(PLACE, (cells[i] for i in (1, 2, 8, 9, 10)), strict=True))


def _of_csv(text: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    lines = text.lstrip("\ufeff").splitlines()
    delimiter = ";" if lines and ";" in lines[0] else ","
    reader = csv.DictReader(lines, delimiter=delimiter)
    wanted = set(PLACE)
    heads = {name.strip().lower() for name in reader.fieldnames or () if name}
    if not wanted <= heads:
        missing = ", ".join(sorted(wanted - heads))
        raise UnreadableFileError(
            "Das ist weder eine Datei von GeoNames noch ein CSV mit den Spalten "
            f"plz, ort, ags, lat, lon: es fehlt {missing}."
        )
    try:
        for row in reader:
            cells = {name.strip().lower(): value or "" for name, value in row.items() if name}
            yield reader.line_num, cells
    except csv.Error:
        raise UnreadableFileError("Die Datei ist kein CSV: eine Zelle ist zu lang.") from None


def _place(row: Mapping[str, str]) -> PlaceLine:
    if not row:
        raise ValueError("kein Ort in Deutschland")
    postcode, name, ags = (row[key].strip() for key in ("plz", "ort", "ags"))
    if len(postcode) != DIGITS or not (postcode.isascii() and postcode.isdigit()):
        raise ValueError(f"„{postcode[:20]}“ ist keine Postleitzahl")
    if not name or len(name) > LONGEST_NAME:
        raise ValueError("der Ort hat keinen Namen" if not name else "der Name ist zu lang")
    if len(ags) != DIGITS or not (ags.isascii() and ags.isdigit()):
        raise ValueError(f"„{ags[:20]}“ ist kein Kreisschlüssel mit fünf Ziffern")
    lat, lon = _degrees(row["lat"]), _degrees(row["lon"])
    (south, north), (west, east) = GERMANY
    if not (south <= lat <= north and west <= lon <= east):
        raise ValueError(f"{lat} Nord, {lon} Ost liegt nicht in Deutschland")
    return PlaceLine(postcode, name, ags, lat, lon)


def _degrees(value: str) -> float:
    try:
        return float(value.strip().replace(",", "."))
    except ValueError:
        raise ValueError(f"„{value[:20]}“ ist keine Zahl in Grad") from None
