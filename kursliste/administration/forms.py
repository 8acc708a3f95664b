"""What an administrator types."""

from collections.abc import Iterable
from dataclasses import fields
from typing import Any, Final

from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from kursliste.domain.course_type import LONGEST, MOST, TypeFacts, TypeState
from kursliste.domain.district import LAENDER
from kursliste.domain.edition import COLUMN_GROUPS
from kursliste.domain.permissions import Grant, Role
from kursliste.domain.site import LONGEST_ANNOUNCEMENT
from kursliste.masterdata.forms import InvitationForm
from kursliste.models.codes import Level
from kursliste.models.masterdata import District
from kursliste.web.forms import BaseForm, VersionedForm
from kursliste.web.labels import COURSE_TYPE, ROLE, TYPE_STATE

MISSING: Final = InputRequired("Diese Angabe fehlt.")


class RoleForm(BaseForm):
    """A role, and for which district; who reports is invited on the page of the provider."""

    role = SelectField("Aufgabe", [InputRequired("Wählen Sie eine Aufgabe.")])

    def offer(self, districts: Iterable[District]) -> None:
        """Offer every role that can be given here."""
        self.role.choices = [("", "Bitte wählen"), (Role.ADMINISTRATOR.value, "Verwaltung")]
        self.role.choices += [
            (f"{role.value}:{district.id}", f"{ROLE[role]} {district.name}")
            for district in districts
            for role in (Role.COORDINATOR, Role.COUNSELLOR)
        ]

    @property
    def grant(self) -> Grant:
        """Return what was chosen; only for a form that was validated."""
        role, _, key = str(self.role.data).partition(":")
        if role == Role.ADMINISTRATOR:
            return Grant(Role.ADMINISTRATOR)
        return Grant(Role(role), district_id=int(key))


class NewPersonForm(InvitationForm, RoleForm):
    """A new account with its first role."""


def _text(label: str, longest: int, *needed: Any, **more: Any) -> Any:  # unbound WTForms fields
    length = Length(max=longest, message=f"Höchstens {longest} Zeichen sind möglich.")
    return StringField(label, [*needed, length], **more)


def _number(name: str, low: int, high: int, *needed: Any) -> Any:  # an unbound WTForms field
    message = f"Möglich sind ganze Zahlen von {low} bis {high}."
    return IntegerField(COURSE_TYPE[name], [*needed, NumberRange(low, high, message)])


class CourseTypeForm(VersionedForm):
    """A kind of course; what is usual is a hint for providers and never a limit."""

    label = _text(COURSE_TYPE["label"], LONGEST["label"], MISSING)
    short = _text(COURSE_TYPE["short"], LONGEST["short"], MISSING, description="Für enge Spalten.")
    course_group = SelectField(
        COURSE_TYPE["course_group"], choices=[(name, name) for name in COLUMN_GROUPS]
    )
    sort = _number("sort", 1, 999, InputRequired("Möglich sind ganze Zahlen von 1 bis 999."))
    state = SelectField(COURSE_TYPE["state"], choices=list(TYPE_STATE.items()))
    valid_from = DateField(
        COURSE_TYPE["valid_from"],
        [Optional()],
        description="Leer heißt: schon immer. Im Formular steht die Kursart in Monaten, in denen "
        "sie gilt.",
    )
    valid_until = DateField(
        COURSE_TYPE["valid_until"],
        [Optional()],
        description="Der letzte Tag. Leer heißt: bis auf Weiteres. Kurse, die es schon gibt, "
        "behalten ihre Kursart.",
    )
    level_from = SelectField(COURSE_TYPE["level_from"])
    level_to = SelectField(COURSE_TYPE["level_to"])
    units_total = _number("units_total", 1, MOST["units_total"], Optional())
    units_note = _text(COURSE_TYPE["units_note"], LONGEST["units_note"])
    seats_min = _number("seats_min", 1, MOST["seats_min"], Optional())
    seats_max = _number("seats_max", 1, MOST["seats_max"], Optional())
    funder = _text(COURSE_TYPE["funder"], LONGEST["funder"])
    aliases = TextAreaField(
        COURSE_TYPE["aliases"],
        description="Wie die Kursart in Listen heißt, die Kreise und Träger von Hand führen; je "
        "Zeile ein Name. So erkennt sie das Einlesen.",
        render_kw={"rows": 6},
    )

    def offer(self, levels: Iterable[Level]) -> None:
        """Offer the levels."""
        words = [("", "keine Angabe"), *((level.code, level.label) for level in levels)]
        self.level_from.choices = self.level_to.choices = words

    def facts(self) -> TypeFacts:
        """Return what was typed; only for a form that was validated."""
        typed = {name: self[name].data for name in (field.name for field in fields(TypeFacts))}
        empty = {name: None for name, value in typed.items() if value == ""}
        return TypeFacts(**{**typed, **empty, "state": TypeState(str(self.state.data))})


class NewCourseTypeForm(CourseTypeForm):
    """A kind of course that is not there yet."""

    code = _text(
        "Kürzel",
        20,
        MISSING,
        description="Steht in Adressen und Dateien und bleibt, zum Beispiel IK-ABEND.",
    )


class DistrictForm(VersionedForm):
    """What may change about a district."""

    name = _text("Name", 120, MISSING, description="zum Beispiel „Landkreis Görlitz“")
    state = SelectField(
        "Land",
        choices=[(code, land.name) for code, land in LAENDER.items()],
        description="Danach richten sich Feiertage und Arbeitstage.",
    )
    publisher = _text("Herausgeber", 200, description="Steht über der Liste.")
    contact = _text("Kontakt", 300, description="E-Mail oder Telefon, steht über der Liste.")


class NewDistrictForm(DistrictForm):
    """A district that is not there yet."""

    slug = _text(
        "Adresse",
        60,
        MISSING,
        description="Der Teil nach /kurslisten/, zum Beispiel goerlitz. Er bleibt.",
    )
    ags = _text("Kreisschlüssel (AGS)", 5, MISSING, description="Fünf Ziffern, zum Beispiel 14626.")


class SiteTextForm(VersionedForm):
    """What the operator writes for a page."""

    body = TextAreaField(
        "Text",
        description="Eine Leerzeile trennt Absätze. ## am Zeilenanfang macht eine Überschrift, - "
        "einen Listenpunkt, [Wort](https://…) einen Link.",
        render_kw={"rows": 18},
    )


class AnnouncementForm(BaseForm):
    """A sentence above the pages."""

    text = TextAreaField(
        "Text",
        [InputRequired("Schreiben Sie, was angekündigt wird.")],
        description=f"Höchstens {LONGEST_ANNOUNCEMENT} Zeichen, zum Beispiel: Am 3. Dezember ist "
        "die Kursliste von 18 bis 20 Uhr nicht erreichbar.",
        render_kw={"rows": 3},
    )
    starts_on = DateField("Ab", [InputRequired("Geben Sie den ersten Tag an.")])
    ends_on = DateField("Bis", [InputRequired("Geben Sie den letzten Tag an.")])
    is_for_all = BooleanField("Auch für Leserinnen und Leser, die nicht angemeldet sind")
