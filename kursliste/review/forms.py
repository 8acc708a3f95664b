"""The shape of what a coordinator types or presses."""

from collections.abc import Iterable, Iterator

from wtforms import (
    DateField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired

from kursliste.domain.course import ConfirmedHow
from kursliste.domain.round import UnconfirmedRule
from kursliste.models.review import NOTE_LENGTH
from kursliste.web.forms import BaseForm, number


class StatementForm(BaseForm):
    """With whom the coordinator spoke, how, and when."""

    told_by = StringField(
        "Wer hat Ihnen Auskunft gegeben?",
        [InputRequired("Schreiben Sie den Namen der Person beim Träger.")],
        description="Vor- und Nachname. Steht beim Träger und bei Ihnen, nie öffentlich.",
    )
    how = RadioField(
        "Wie?",
        [InputRequired("Wählen Sie Telefon oder E-Mail.")],
        choices=[
            SelectChoice(ConfirmedHow.TELEPHONE, "am Telefon"),
            SelectChoice(ConfirmedHow.MAIL, "per E-Mail"),
        ],
        default=ConfirmedHow.TELEPHONE,
    )
    told_on = DateField("Wann?", [InputRequired("Geben Sie den Tag an, zum Beispiel 24.11.2026.")])


class NoteForm(BaseForm):
    """An internal note about a provider."""

    text = TextAreaField(
        "Neue Notiz",
        description=f"Höchstens {NOTE_LENGTH} Zeichen. Das liest nur die Koordination dieses "
        "Kreises, nie der Träger.",
        render_kw={"rows": 3},
    )


class UnconfirmedForm(BaseForm):
    """What becomes of the unconfirmed rows of a report."""

    rule = SelectField(choices=[SelectChoice(rule, rule) for rule in UnconfirmedRule])


class CarryAllForm(BaseForm):
    """The reports that stood on the confirming page."""

    report_id = SelectMultipleField(coerce=int, validate_choice=False)


class SeenForm(BaseForm):
    """Reports by key and version ("17.3"), as they stood on the page that was sent."""

    report = SelectMultipleField(validate_choice=False)

    @property
    def seen(self) -> dict[int, int]:
        """The versions by key; whatever is no such pair is left out."""
        return self.read(self.report.data or ())

    @staticmethod
    def read(pairs: Iterable[str]) -> dict[int, int]:
        """Return the versions by key that these texts tell."""
        versions = ((key, number(version)) for key, version in keyed(pairs))
        return {key: version for key, version in versions if version is not None}


def keyed(pairs: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Split texts like "17.3" into a key and what is told of it; skip what has no key."""
    for pair in pairs:
        key, _, told = pair.partition(".")
        if (report_id := number(key)) is not None:
            yield report_id, told
