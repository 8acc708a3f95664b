"""The form of a course, made from ``domain.course.FIELDS``: shape only, rules are in the domain."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any, Final
from urllib.parse import urlsplit

from wtforms import (
    DateField,
    DecimalField,
    Field,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp
from wtforms.widgets import CheckboxInput, ListWidget, TextInput

from kursliste.domain.course import FIELD, OWN_FIELDS, Kind, Section, Weekday
from kursliste.domain.course import Field as Fact
from kursliste.domain.errors import RuleViolationError
from kursliste.domain.plausibility import check_consistent
from kursliste.infrastructure.codes import Codes
from kursliste.infrastructure.mailbox import checked_address
from kursliste.web.forms import BaseForm

NOT_CHOSEN: Final = ("", "–")
FIVE_DIGITS: Final = Regexp(r"^[0-9]{5}$", message="Eine Postleitzahl hat fünf Ziffern.")
HINTS: Final[Mapping[str, str]] = {
    "seats_free": "Leer lassen, wenn Sie die Zahl nicht kennen. Die Liste zeigt dann „auf "
    "Anfrage“.",
    "seats_taken": "Nur intern. Daraus ergeben sich die freien Plätze.",
    "start_note": "Zum Beispiel „voraussichtlich Februar 2027“ oder „ab 15 Anmeldungen“.",
    "late_entry_from": "Zum Beispiel „Modul 4“ oder „01.02.2027“.",
    "status": "Leer lassen: Der Status ergibt sich aus Datum und freien Plätzen.",
    "public_note": "Steht in der öffentlichen Liste. Keine Namen von Teilnehmenden.",
    "internal_note": "Sieht nur die Koordination.",
    "price_eur": "In Euro, zum Beispiel 229,00.",
    "breaks_note": "Zum Beispiel „21.12.–03.01.“.",
    "contact_name": "Wird veröffentlicht. Möglich ist auch eine Stelle, zum Beispiel „Anmeldung "
    "Deutschkurse“.",
    "link": "Beginnt mit https:// oder http://.",
}


def _filled(value: object) -> object:
    """Return None for an empty text: unknown is a value."""
    return None if value == "" else value


def mail_address(_form: BaseForm, field: Field) -> None:
    """Refuse what is not one mail address; empty is allowed."""
    if field.data:
        try:
            checked_address(field.data)
        except RuleViolationError as error:
            raise ValidationError(
                "Das ist keine E-Mail-Adresse. Sie hat die Form name@beispiel.de."
            ) from error


def web_address(_form: BaseForm, field: Field) -> None:
    """Refuse what is not an address of the web; empty is allowed."""
    if not field.data:
        return
    try:
        parts = urlsplit(field.data)
        good = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        good = False
    if not good or any(sign.isspace() for sign in field.data):
        raise ValidationError("Das ist keine Webadresse. Sie beginnt mit https:// oder http://.")


class EuroField(DecimalField):
    """An amount as Germans type it: 1.234,50 or 229."""

    def process_formdata(self, valuelist: list[str]) -> None:
        text = (valuelist[0] if valuelist else "").strip().replace("€", "").strip()
        if "," in text:
            text = text.replace(".", "").replace(",", ".")
        super().process_formdata([text] if text else [])

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data:.2f}".replace(".", ",")


class WordsField(Field):
    """Several words with commas between them; the usual ones are offered."""

    widget = TextInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        words = [word.strip() for word in ",".join(valuelist).split(",")]
        self.data = tuple(dict.fromkeys(word for word in words if word)) or None

    def _value(self) -> str:
        return ", ".join(self.data or ())


def words_fit(length: int) -> Callable[[BaseForm, Field], None]:
    """Return a validator: the words and what stands between them fit into a column."""

    def check(_form: BaseForm, field: Field) -> None:
        if len("".join(field.data or ())) + 4 * len(field.data or ()) > length:
            raise ValidationError("Das sind zu viele Wörter. Kürzen Sie die Angabe.")

    return check


def _number(fact: Fact) -> Any:  # an unbound WTForms field
    message = f"Möglich sind ganze Zahlen von {fact.low} bis {fact.high}."
    return IntegerField(
        fact.heading,
        [Optional(), NumberRange(fact.low, fact.high, message)],
        description=HINTS.get(fact.attribute, ""),
    )


def _text(fact: Fact, kind: Any, *validators: Any) -> Any:  # unbound WTForms fields
    needed = [InputRequired("Diese Angabe fehlt.")] if fact.needed else [Optional()]
    length = Length(max=fact.length, message=f"Höchstens {fact.length} Zeichen sind möglich.")
    return kind(
        fact.heading,
        [*needed, length, *validators],
        filters=[_filled],
        description=HINTS.get(fact.attribute, ""),
    )


def _choice(fact: Fact, options: Iterable[tuple[str, str]]) -> Any:  # an unbound WTForms field
    needed = [InputRequired("Wählen Sie etwas aus.")] if fact.needed else [Optional()]
    return SelectField(
        fact.heading,
        needed,
        choices=[SelectChoice(*option) for option in (NOT_CHOSEN, *options)],
        filters=[_filled],
        description=HINTS.get(fact.attribute, ""),
    )


def _field_for(fact: Fact, codes: Codes) -> Any:  # an unbound WTForms field
    hint = HINTS.get(fact.attribute, "")
    match fact.kind:
        case Kind.CODE | Kind.CHOICE:
            return _choice(fact, options_of(fact, codes))
        case Kind.WEEKDAYS:
            days = [SelectChoice(day.value) for day in Weekday]
            return SelectMultipleField(
                fact.heading,
                [Optional()],
                choices=days,
                widget=ListWidget(prefix_label=False),
                option_widget=CheckboxInput(),
            )
        case Kind.WORDS:
            fits = words_fit(fact.length)
            return WordsField(fact.heading, [fits], description=", ".join(fact.words))
        case Kind.DATE:
            return DateField(fact.heading, [Optional()], description=hint)
        case Kind.TIME:
            return TimeField(fact.heading, [Optional()], description=hint)
        case Kind.INTEGER:
            return _number(fact)
        case Kind.MONEY:
            bounds = NumberRange(Decimal(0), Decimal(fact.high), "Möglich sind Beträge ab 0.")
            return EuroField(fact.heading, [Optional(), bounds], places=2, description=hint)
        case _:
            return _text_field(fact)


def _text_field(fact: Fact) -> Any:  # an unbound WTForms field
    match fact.kind:
        case Kind.NOTE:
            return _text(fact, TextAreaField)
        case Kind.MAIL:
            return _text(fact, StringField, mail_address)
        case Kind.LINK:
            return _text(fact, StringField, web_address)
        case _ if fact.attribute == "postcode":
            return _text(fact, StringField, FIVE_DIGITS)
        case _:
            return _text(fact, StringField)


def options_of(fact: Fact, codes: Codes) -> list[tuple[str, str]]:
    """Return what may be chosen for a fact: values and their words, in their order."""
    words = codes.words
    match fact.attribute:
        case "course_type":
            return list(words.course_types.items())
        case "level_from" | "level_to":
            return list(words.levels.items())
        case "status":
            return list(words.statuses.items())
        case _:
            return [(str(choice), str(choice)) for choice in fact.choices or ()]


class CourseFormBase(BaseForm):
    """What :func:`course_form` builds on; its fields are those of ``OWN_FIELDS``."""

    def validate(self, extra_validators: Any = None) -> bool:  # WTForms' type
        """Check the shape; where it is wrong, tell at once what else contradicts itself.

        Otherwise a second mistake would only show when the first is mended.
        """
        is_well_formed = super().validate(extra_validators)
        if not is_well_formed:
            readable = [f for f in OWN_FIELDS if not self._fields[f.attribute].errors]
            try:
                check_consistent(
                    {f.attribute: _typed(f, self._fields[f.attribute].data) for f in readable}
                )
            except RuleViolationError as violation:
                self.show(violation)
        return is_well_formed

    def facts(self) -> dict[str, object]:
        """Return the typed values by attribute name, enums as their members, empty as None."""
        return {f.attribute: _typed(f, self._fields[f.attribute].data) for f in OWN_FIELDS}

    def section(self, section: Section) -> list[Field]:
        """Return the fields of one of the four short sections, in their order."""
        return [self._fields[f.attribute] for f in OWN_FIELDS if f.section is section]


def _typed(fact: Fact, value: object) -> object:
    if value is None or value in ("", (), []):
        return None
    if fact.kind is Kind.CHOICE and fact.choices is not None:
        return fact.choices(str(value))
    if fact.kind in {Kind.WEEKDAYS, Kind.WORDS} and isinstance(value, list | tuple):
        return tuple(str(word) for word in value) or None
    return value


def course_form(codes: Codes, base: type[CourseFormBase] = CourseFormBase) -> type[CourseFormBase]:
    """Return the form class for a course, with the choices that the code tables offer today.

    ``base`` may have fields of its own.
    """
    fields = {fact.attribute: _field_for(fact, codes) for fact in OWN_FIELDS}
    return type("CourseForm", (base,), fields)


class OneFactForm(BaseForm):
    """A form with a single field of a course; see :func:`one_fact_form`."""

    named: str

    @property
    def box(self) -> Field:
        """The field itself."""
        return self._fields[self.named]

    def fact(self) -> object:
        """Return the typed value as a course holds it; empty is None."""
        return _typed(FIELD[self.named], self.box.data)


def one_fact_form(codes: Codes, attribute: str) -> type[OneFactForm]:
    """Return the form class for one field of a course, drawn and checked as in the whole form."""
    fields = {attribute: _field_for(FIELD[attribute], codes), "named": attribute}
    return type("OneFactForm", (OneFactForm,), fields)
