"""The shape of what a coordinator types or presses."""

from typing import Final

from wtforms import (
    DateField,
    HiddenField,
    RadioField,
    SelectMultipleField,
    StringField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired

from kursliste.domain.course import ConfirmedHow
from kursliste.web.forms import BaseForm

LARGEST_DIGITS: Final = 9


class VersionedForm(BaseForm):
    """Carries the version that the person saw, so that nobody decides about another state."""

    version = HiddenField()

    @property
    def seen_version(self) -> int:
        """The version, or 0 where it is missing: no report ever has that one."""
        return number(self.version.data) or 0


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


class CarryAllForm(BaseForm):
    """The reports that stood on the confirming page."""

    report_id = SelectMultipleField(coerce=int, validate_choice=False)


def number(text: str | None) -> int | None:
    """Return a whole number up to nine digits, or None for anything else."""
    if text and text.isascii() and text.isdigit() and len(text) <= LARGEST_DIGITS:
        return int(text)
    return None
