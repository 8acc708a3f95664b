"""The form of a layout: for every column its place, its heading and who sees it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from wtforms import (
    BooleanField,
    Field,
    FileField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from kursliste.domain.columns import COLUMN, COLUMNS, KEY
from kursliste.domain.layout import ChosenColumn, Grouping, Layout
from kursliste.domain.layout_rules import (
    LONGEST_HEADING,
    LONGEST_LINES,
    LONGEST_LOGO_TEXT,
    LONGEST_NAME,
    MAY_BE_WITHHELD,
)
from kursliste.web.forms import BaseForm, VersionedForm
from kursliste.web.layout_words import GROUPING

STEP: Final = 10
HIGHEST: Final = 9999


class Place(StrEnum):
    """Where a column stands."""

    PRINTED = "printed"
    FILE = "file"
    OUT = "out"


PLACE_WORDS: Final = {
    Place.PRINTED: "gedruckt",
    Place.FILE: "nicht gedruckt",
    Place.OUT: "weglassen",
}
ATTRIBUTES: Final = tuple(column.attribute for column in COLUMNS if column.attribute != KEY)


def _at_most(length: int) -> Length:
    return Length(max=length, message=f"Höchstens {length} Zeichen sind möglich.")


@dataclass(frozen=True)
class ColumnFields:
    """The fields of one column."""

    attribute: str
    position: Field
    heading: Field
    place: Field
    for_professionals: Field | None

    @property
    def usual(self) -> str:
        """The usual heading, by which people know the column."""
        return COLUMN[self.attribute].heading

    @property
    def is_internal(self) -> bool:
        """Whether nothing can make this column public."""
        return COLUMN[self.attribute].internal

    @property
    def has_errors(self) -> bool:
        """Whether something in this row is to be mended."""
        return bool(self.position.errors or self.heading.errors or self.place.errors)

    @property
    def is_out(self) -> bool:
        """Whether the column is left out."""
        return bool(self.place.data == Place.OUT)


class LayoutFormBase(VersionedForm):
    """What is not about one column; the rest is made from the columns, see ``LayoutForm``."""

    name = StringField(
        "Name des Layouts",
        [InputRequired("Diese Angabe fehlt."), _at_most(LONGEST_NAME)],
        description="Nur für Sie, zum Beispiel „Monatsliste“.",
    )
    grouping = SelectField(
        "Die Kurse stehen",
        choices=[SelectChoice(value, words) for value, words in GROUPING.items()],
    )
    header = TextAreaField(
        "Text über der Liste",
        [Optional(), _at_most(LONGEST_LINES)],
        description="Steht auf der Seite, in der Excel-Datei und im PDF über den Kursen.",
        render_kw={"rows": 3},
    )
    footer = TextAreaField(
        "Text unter der Liste",
        [Optional(), _at_most(LONGEST_LINES)],
        description="Steht auf der Seite und im PDF unter den Kursen, in der Excel-Datei auf dem "
        "Blatt „Metadaten“.",
        render_kw={"rows": 3},
    )
    knows_gaps = BooleanField("Das ist so gemeint: Diese Angaben sollen fehlen.")

    def column_fields(self) -> list[ColumnFields]:
        """Return the fields of every column in the order in which they stand."""
        found = [self._of(attribute) for attribute in ATTRIBUTES]
        return sorted(found, key=_place_in_form)

    def _of(self, attribute: str) -> ColumnFields:
        return ColumnFields(
            attribute=attribute,
            position=self[f"position_{attribute}"],
            heading=self[f"heading_{attribute}"],
            place=self[f"place_{attribute}"],
            for_professionals=self._fields.get(f"for_professionals_{attribute}"),
        )

    @property
    def layout(self) -> Layout:
        """What was typed; the form must be valid."""
        return Layout(
            name=self.name.data or "",
            chosen=tuple(_chosen(one) for one in self.column_fields() if not one.is_out),
            grouping=Grouping(self.grouping.data),
            header=self.header.data or "",
            footer=self.footer.data or "",
        )

    def fill(self, layout: Layout) -> None:
        """Show ``layout``, its columns numbered anew."""
        self.name.data, self.grouping.data = layout.name, layout.grouping
        self.header.data, self.footer.data = layout.header, layout.footer
        chosen = {one.attribute: one for one in layout.chosen}
        shown = [c.attribute for c in layout.columns(internal=True) if c.attribute != KEY]
        left_out = [attribute for attribute in ATTRIBUTES if attribute not in chosen]
        for number, attribute in enumerate((*shown, *left_out), start=1):
            fields, one = self._of(attribute), chosen.get(attribute)
            # What was typed would win over the data when the field is shown.
            fields.position.raw_data, fields.position.data = None, number * STEP
            fields.heading.data = one.heading if one else ""
            fields.place.data = _place_of(one)
            if fields.for_professionals is not None:
                fields.for_professionals.data = bool(one and one.for_professionals)


def _place_in_form(one: ColumnFields) -> tuple[int, int]:
    """Printed columns stand first, as in the files; a column without a number stands last."""
    order: Sequence[str] = tuple(Place)
    place = order.index(one.place.data) if one.place.data in order else 0
    position = one.position.data
    return (place, HIGHEST + 1 if position is None else int(position))


def _place_of(one: ChosenColumn | None) -> Place:
    if one is None:
        return Place.OUT
    return Place.PRINTED if one.is_printed else Place.FILE


def _chosen(one: ColumnFields) -> ChosenColumn:
    heading = " ".join(str(one.heading.data or "").split())  # a heading is one line
    marked = one.for_professionals
    return ChosenColumn(
        one.attribute,
        heading="" if heading == one.usual else heading,
        is_printed=one.place.data == Place.PRINTED,
        for_professionals=bool(marked is not None and marked.data),
    )


def _fields_of(attribute: str) -> dict[str, Any]:  # unbound WTForms fields
    usual = COLUMN[attribute].heading
    message = f"Möglich sind ganze Zahlen von 0 bis {HIGHEST}."
    found: dict[str, Any] = {
        f"position_{attribute}": IntegerField(
            f"Platz: {usual}", [Optional(), NumberRange(0, HIGHEST, message)]
        ),
        f"heading_{attribute}": StringField(
            f"Eigene Überschrift: {usual}", [Optional(), _at_most(LONGEST_HEADING)]
        ),
        f"place_{attribute}": SelectField(
            f"Wo: {usual}",
            choices=[SelectChoice(value, words) for value, words in PLACE_WORDS.items()],
        ),
    }
    if attribute in MAY_BE_WITHHELD:
        found[f"for_professionals_{attribute}"] = BooleanField(f"nur für Fachkräfte: {usual}")
    return found


LayoutForm: Final[type[LayoutFormBase]] = type(
    "LayoutForm",
    (LayoutFormBase,),
    {name: field for attribute in ATTRIBUTES for name, field in _fields_of(attribute).items()},
)


class LogoForm(BaseForm):
    """A new logo and what it shows."""

    file = FileField(
        "Bild", [DataRequired("Wählen Sie ein Bild aus.")], description="PNG oder JPEG, bis 300 kB."
    )
    text = StringField(
        "Was das Bild zeigt",
        [InputRequired("Schreiben Sie, was das Bild zeigt."), _at_most(LONGEST_LOGO_TEXT)],
        description="Für alle, die das Bild nicht sehen, zum Beispiel „Wappen des Landkreises“.",
    )
