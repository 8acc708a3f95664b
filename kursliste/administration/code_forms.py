"""What an administrator types about code tables and districts: shape only, rules are elsewhere."""

from collections.abc import Iterable, Sequence
from typing import Any

from wtforms import DateField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from kursliste.domain.course import FIELD
from kursliste.domain.course_type import LENGTHS, NUMBERS, TypeFacts, TypeState
from kursliste.domain.district import LENGTHS as DISTRICT_LENGTHS
from kursliste.domain.district import DistrictFacts
from kursliste.domain.edition import COLUMN_GROUPS
from kursliste.domain.round import Rhythm
from kursliste.masterdata.code_changes import StatusFacts
from kursliste.models.codes import Level
from kursliste.web.code_words import DISTRICT_FIELDS, LANDS, TYPE_FIELDS, TYPE_STATE
from kursliste.web.course_form import NOT_CHOSEN, WordsField, words_fit
from kursliste.web.forms import BaseForm, VersionedForm
from kursliste.web.labels import LIST_SETUP, RHYTHM

MISSING = "Diese Angabe fehlt."


def _text(label: str, length: int, *, needed: bool = False, hint: str = "") -> Any:  # unbound
    return StringField(
        label,
        [
            InputRequired(MISSING) if needed else Optional(),
            Length(max=length, message=f"Höchstens {length} Zeichen sind möglich."),
        ],
        description=hint,
    )


def _number(name: str, *, needed: bool = False, hint: str = "") -> Any:  # an unbound field
    low, high = NUMBERS[name]
    message = f"Möglich sind ganze Zahlen von {low} bis {high}."
    first = InputRequired(message) if needed else Optional()
    return IntegerField(TYPE_FIELDS[name], [first, NumberRange(low, high, message)],
                        description=hint)  # fmt: skip


def _words(name: str) -> Any:  # an unbound field
    usual = ", ".join(FIELD[name].words)
    return WordsField(
        TYPE_FIELDS[name],
        [words_fit(FIELD[name].length)],
        description=f"Mehrere mit Komma. Üblich sind: {usual}.",
    )


def _level(name: str) -> Any:  # an unbound field
    return SelectField(TYPE_FIELDS[name], [Optional()], filters=[lambda code: code or None])


class TypeForm(VersionedForm):
    """What is said of a course type."""

    label = _text(TYPE_FIELDS["label"], LENGTHS["label"], needed=True)
    short = _text(
        TYPE_FIELDS["short"],
        LENGTHS["short"],
        hint="Steht, wo wenig Platz ist. Leer heißt: der Anfang der Bezeichnung.",
    )
    course_group = SelectField(
        TYPE_FIELDS["course_group"],
        [InputRequired("Wählen Sie eine Gruppe.")],
        choices=[SelectChoice("", "Bitte wählen"), *(SelectChoice(one) for one in COLUMN_GROUPS)],
    )
    sort = _number("sort", needed=True, hint="Kleine Zahlen stehen in der Liste weiter oben.")
    state = SelectField(
        TYPE_FIELDS["state"],
        choices=[SelectChoice(state.value, word) for state, word in TYPE_STATE.items()],
        description="Läuft eine Kursart aus oder ist sie ausgesetzt, fragt die Übernahme einer "
        "Liste nach.",
    )
    valid_from = DateField(
        TYPE_FIELDS["valid_from"], [Optional()], description="Leer heißt: schon immer."
    )
    valid_until = DateField(
        TYPE_FIELDS["valid_until"],
        [Optional()],
        description="Der letzte Tag. Leer heißt: bis auf Weiteres. Danach wird die Kursart in "
        "Meldungen nicht mehr angeboten; Kurse, die sie haben, behalten sie.",
    )
    units_total = _number("units_total", hint="In UE zu 45 Minuten. Leer heißt: verschieden.")
    units_note = _text(TYPE_FIELDS["units_note"], LENGTHS["units_note"])
    level_from = _level("level_from")
    level_to = _level("level_to")
    seats_min = _number("seats_min")
    seats_max = _number("seats_max")
    funder = _text(TYPE_FIELDS["funder"], LENGTHS["funder"])
    admission = _words("admission")
    exams = _words("exams")

    def offer(self, levels: Iterable[Level]) -> None:
        """Offer the levels."""
        choices = [
            SelectChoice(*NOT_CHOSEN),
            *(SelectChoice(one.code, one.label) for one in levels),
        ]
        self.level_from.choices = self.level_to.choices = choices

    @property
    def facts(self) -> TypeFacts:
        """What was typed; the form must be valid."""
        typed = {name: field.data for name, field in self._fields.items()}
        for name in ("version", "code"):
            typed.pop(name, None)
        return TypeFacts(**{**typed, "state": TypeState(self.state.data)})


class NewTypeForm(TypeForm):
    """A new course type; its code stays for ever."""

    code = _text(
        TYPE_FIELDS["code"],
        LENGTHS["code"],
        needed=True,
        hint="Steht in Dateien und Adressen und lässt sich später nicht ändern, zum Beispiel "
        "LSK-SN-SOFORT.",
    )


class WordForm(BaseForm):
    """A word by which an import knows a type or a status."""

    alias = _text("Neues Wort", LENGTHS["alias"], needed=True)


class LevelForm(VersionedForm):
    """How a level is called."""

    label = _text(TYPE_FIELDS["label"], 80, needed=True)


class StatusForm(VersionedForm):
    """The words of a status."""

    label = _text(TYPE_FIELDS["label"], 80, needed=True)
    short = _text(TYPE_FIELDS["short"], 40, needed=True, hint="Steht, wo wenig Platz ist.")
    explanation = TextAreaField(
        TYPE_FIELDS["explanation"],
        [Length(max=200, message="Höchstens 200 Zeichen sind möglich.")],
        description="Steht in der Legende der Dateien.",
        render_kw={"rows": 3},
    )

    @property
    def facts(self) -> StatusFacts:
        """What was typed; the form must be valid."""
        return StatusFacts(
            label=self.label.data or "",
            short=self.short.data or "",
            explanation=self.explanation.data or "",
        )


def _lands() -> Sequence[Any]:  # WTForms' choices
    return [SelectChoice("", "Bitte wählen"), *(SelectChoice(*land) for land in LANDS.items())]


class DistrictForm(VersionedForm):
    """What may change about a district."""

    name = _text(
        DISTRICT_FIELDS["name"],
        DISTRICT_LENGTHS["name"],
        needed=True,
        hint="Wie er in Überschriften steht, zum Beispiel „Landkreis Görlitz“.",
    )
    state = SelectField(
        DISTRICT_FIELDS["state"],
        [InputRequired("Wählen Sie ein Land.")],
        choices=_lands(),
        description="Davon hängen die Feiertage ab und damit jede Frist.",
    )
    publisher = _text(
        DISTRICT_FIELDS["publisher"],
        DISTRICT_LENGTHS["publisher"],
        hint="Steht über der Liste, zum Beispiel „Landratsamt Görlitz, Bildungskoordination“.",
    )
    contact = _text(
        DISTRICT_FIELDS["contact"],
        DISTRICT_LENGTHS["contact"],
        hint="Steht öffentlich über der Liste und in Mails an Träger: am besten die E-Mail-Adresse "
        "einer Stelle.",
    )

    @property
    def facts(self) -> DistrictFacts:
        """What was typed; the form must be valid."""
        return DistrictFacts(
            name=self.name.data or "",
            state=self.state.data or "",
            publisher=self.publisher.data or "",
            contact=self.contact.data or "",
        )


class NewDistrictForm(DistrictForm):
    """A new district; its key and its address stay for ever."""

    ags = _text(
        DISTRICT_FIELDS["ags"],
        5,
        needed=True,
        hint="Fünf Ziffern, zum Beispiel 14626. Lässt sich später nicht ändern.",
    )
    slug = _text(
        DISTRICT_FIELDS["slug"],
        DISTRICT_LENGTHS["slug"],
        needed=True,
        hint="Kleinbuchstaben ohne Umlaute, zum Beispiel „goerlitz“ für /kurslisten/goerlitz. "
        "Lässt sich später nicht ändern: Andere Webseiten verweisen darauf.",
    )


class ListForm(BaseForm):
    """A further list of a district; its dates are set on the page „Termine“."""

    title = _text("Titel", 150, needed=True, hint="Zum Beispiel „Beratung und Begegnung“.")
    slug = _text(
        "Name in der Adresse",
        60,
        needed=True,
        hint="Kleinbuchstaben ohne Umlaute, zum Beispiel „beratung“. Lässt sich später nicht "
        "ändern.",
    )
    rhythm = SelectField(
        LIST_SETUP["rhythm"],
        choices=[SelectChoice(value, word) for value, word in RHYTHM.items()],
        default=Rhythm.MONTHLY.value,
    )
