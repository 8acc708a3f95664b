"""The forms of publishing, of taking back, and of taking out."""

from typing import Final

from wtforms import DateField, IntegerField, RadioField, TextAreaField, TimeField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from kursliste.domain.edition import LONGEST_REASON
from kursliste.web.forms import BaseForm

LONGEST_TEXTS: Final = 2000


class PublishForm(BaseForm):
    """``seen_number`` is the newest edition that stood on the page, 0 for none."""

    seen_number = IntegerField("Gesehene Ausgabe", [Optional()], widget=HiddenInput())
    reason = TextAreaField(
        "Grund der Korrektur",
        [Length(max=LONGEST_REASON, message=f"Höchstens {LONGEST_REASON} Zeichen sind möglich.")],
        description="Steht in der Liste, zum Beispiel „Beginn eines Kurses berichtigt“.",
    )

    mails_readers = RadioField(
        "E-Mail an den Verteiler",
        choices=[SelectChoice("ja", "jetzt schicken"), SelectChoice("nein", "nicht schicken")],
        validators=[Optional()],
    )

    @property
    def seen(self) -> int:
        """What the person saw; -1, which no month has, if the page did not say."""
        return -1 if self.seen_number.data is None else int(self.seen_number.data)


class OrderForm(PublishForm):
    """The same, at a day and a time."""

    day = DateField("Tag", [InputRequired("Geben Sie den Tag an, zum Beispiel 01.12.2026.")])
    at = TimeField("Uhrzeit", [InputRequired("Geben Sie die Uhrzeit an, zum Beispiel 08:00.")])


class WithdrawForm(BaseForm):
    """Why an edition is taken back."""

    reason = TextAreaField(
        "Grund",
        [Length(max=LONGEST_REASON, message=f"Höchstens {LONGEST_REASON} Zeichen sind möglich.")],
        description="Alle lesen ihn anstelle der Liste, zum Beispiel „Versehentlich zu früh "
        "veröffentlicht“. Nennen Sie keine Namen von Personen.",
    )


class EraseForm(BaseForm):
    """What is to go, one text a line, and why."""

    texts = TextAreaField(
        "Was soll entfernt werden?",
        [Length(max=LONGEST_TEXTS, message=f"Höchstens {LONGEST_TEXTS} Zeichen sind möglich.")],
        description="Eine Angabe je Zeile: der Name, wie er in der Liste steht, und wenn nötig "
        "Telefon und E-Mail.",
    )
    reason = TextAreaField(
        "Grund",
        [Length(max=LONGEST_REASON, message=f"Höchstens {LONGEST_REASON} Zeichen sind möglich.")],
        description="Wird aufbewahrt. Nennen Sie die Person nicht, zum Beispiel „Antrag auf "
        "Löschung vom 3. Dezember“.",
    )
