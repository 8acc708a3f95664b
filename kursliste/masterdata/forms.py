"""The forms of a provider's house: shape of input only, rules are in the domain and the actions."""

from collections.abc import Iterable
from typing import Any, Final

from wtforms import BooleanField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length, Optional, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from kursliste.domain.course import Wheelchair
from kursliste.domain.provider_list import APPROVALS
from kursliste.models.masterdata import Contact, Provider
from kursliste.web.course_form import (
    FIVE_DIGITS,
    NOT_CHOSEN,
    WordsField,
    mail_address,
    web_address,
    words_fit,
)
from kursliste.web.forms import BaseForm
from kursliste.web.labels import HOUSE_FIELDS

MISSING: Final = "Diese Angabe fehlt."
NO_ADDRESS: Final = Regexp(
    r"^[^/@:<>]*$", message="Schreiben Sie hier nur den Namen, keine Adresse."
)
"""The name stands in a mail that we send for somebody: no way to lead its reader elsewhere."""


def _text(
    name: str, length: int, *validators: Any, needed: bool = False, **more: Any
) -> Any:  # an unbound field
    first = InputRequired(MISSING) if needed else Optional()
    longest = Length(max=length, message=f"Höchstens {length} Zeichen sind möglich.")
    label = more.pop("label", HOUSE_FIELDS[name])
    return StringField(label, [first, longest, *validators], filters=[_or_empty], **more)


def _or_empty(text: object) -> object:
    """Return an empty text for a box that was not sent: our columns know no missing text."""
    return "" if text is None else text


class HouseForm(BaseForm):
    """A form that says what a thing of the house is."""

    def facts(self) -> dict[str, object]:
        """Return the typed values by attribute name; an empty text is unknown."""
        return {name: field.data for name, field in self._fields.items()}


class ProviderForm(HouseForm):
    """What a provider says of itself. Its names are there for coordinators only."""

    name = _text("name", 200, needed=True)
    short_name = _text("short_name", 60)
    street = _text("street", 120, label="Straße und Hausnummer")
    postcode = _text("postcode", 5, FIVE_DIGITS)
    town = _text("town", 80)
    phone = _text("phone", 60)
    email = _text("email", 254, mail_address, label="E-Mail für Ratsuchende")
    website = _text("website", 500, web_address, description="Beginnt mit https:// oder http://.")
    office_hours = _text(
        "office_hours", 200, description="Zum Beispiel „Mo, Mi 9–12 Uhr, Di 13–17 Uhr“."
    )
    languages = WordsField(
        HOUSE_FIELDS["languages"],
        [words_fit(300)],
        description="In diesen Sprachen beraten Sie. Mehrere mit Komma, zum Beispiel „Deutsch, "
        "Englisch“.",
    )
    approvals = SelectMultipleField(
        HOUSE_FIELDS["approvals"],
        choices=[SelectChoice(word) for word in APPROVALS],
        description="Zulassung durch das BAMF. Steht in der Trägerliste.",
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    report_email = _text(
        "report_email",
        254,
        mail_address,
        description="An diese Adresse schreiben wir, wenn niemand erreichbar ist, der für Sie "
        "meldet. Sie wird nie veröffentlicht.",
    )

    def facts(self) -> dict[str, object]:
        """Return the typed values by attribute name."""
        return {**super().facts(), "approvals": tuple(self.approvals.data or ()) or None}

    @classmethod
    def of(
        cls, provider: Provider, sent: Any, *, with_names: bool
    ) -> "ProviderForm":  # WTForms' form data
        """Return the form of a provider, with or without its names."""
        form = cls(sent or None, obj=provider)
        if not with_names:
            del form.name
            del form.short_name
        return form


class VenueForm(HouseForm):
    """A place where a provider teaches."""

    name = _text("name", 120, label="Name des Hauses")
    street = _text("street", 120, label="Straße und Hausnummer")
    postcode = _text("postcode", 5, FIVE_DIGITS)
    town = _text("town", 80)
    wheelchair = SelectField(
        HOUSE_FIELDS["wheelchair"],
        [Optional()],
        choices=[SelectChoice(*NOT_CHOSEN), *(SelectChoice(word) for word in Wheelchair)],
        filters=[lambda word: word or None],
    )

    def facts(self) -> dict[str, object]:
        """Return the typed values by attribute name."""
        told = self.wheelchair.data
        return {**super().facts(), "wheelchair": Wheelchair(told) if told else None}


class ContactForm(HouseForm):
    """Somebody to ask, or an office."""

    name = _text(
        "name",
        120,
        needed=True,
        description="Eine Person oder eine Stelle, zum Beispiel „Anmeldung Deutschkurse“.",
    )
    phone = _text("phone", 60)
    email = _text("email", 254, mail_address)
    is_public = BooleanField(
        HOUSE_FIELDS["is_public"],
        description="Nur dann lässt sie sich in einem Kurs auswählen und steht in der Kursliste.",
    )


class RemoveContactForm(BaseForm):
    """Who takes the place of a contact that is deleted."""

    replacement = SelectField("Wer steht dann in diesen Kursen?", [Optional()])

    def offer(self, contacts: Iterable[Contact]) -> None:
        """Offer the public contacts that stay."""
        self.replacement.choices = [
            SelectChoice("", "niemand"),
            *(SelectChoice(str(one.id), one.name) for one in contacts),
        ]


class InvitationForm(BaseForm):
    """Who is to report for a provider from now on."""

    name = _text("name", 120, NO_ADDRESS, needed=True, label="Vor- und Nachname")
    email = _text("email", 254, mail_address, needed=True, label="E-Mail-Adresse")
