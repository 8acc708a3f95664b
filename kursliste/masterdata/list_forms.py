"""The shape of what a coordinator types about the dates of a list and of a round."""

from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    RadioField,
    SelectField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, NumberRange, Optional

from kursliste.domain.licence import Licence
from kursliste.domain.round import Rhythm, UnconfirmedRule
from kursliste.domain.schedule import LIMITS, ListSetup
from kursliste.web.forms import BaseForm, VersionedForm
from kursliste.web.labels import LICENCE, LIST_SETUP, RHYTHM, ROUND_DATES, UNCONFIRMED_RULE


def _days(name: str, description: str = "") -> Any:  # an unbound WTForms field
    low, high = LIMITS[name]
    message = f"Möglich sind ganze Zahlen von {low} bis {high}."
    return IntegerField(
        LIST_SETUP[name],
        [InputRequired(message), NumberRange(low, high, message)],
        description=description,
    )


class ListForm(VersionedForm):
    """Everything that a district chooses for a list."""

    rhythm = SelectField(
        LIST_SETUP["rhythm"], choices=[SelectChoice(value, word) for value, word in RHYTHM.items()]
    )
    opens_day = _days(
        "opens_day", "Hat der Monat weniger Tage, öffnet die Abfrage an seinem letzten Tag."
    )
    due_working_days = _days(
        "due_working_days",
        "0 heißt: am letzten Arbeitstag des Vormonats. Es gelten die Feiertage Ihres Landes.",
    )
    unconfirmed_rule = RadioField(
        LIST_SETUP["unconfirmed_rule"],
        choices=[SelectChoice(value, word) for value, word in UNCONFIRMED_RULE.items()],
        description="Gilt ab der nächsten Ausgabe.",
    )
    licence = SelectField(
        LIST_SETUP["licence"],
        choices=[SelectChoice(code, word) for code, word in LICENCE.items()],
        description="Gilt ab der nächsten Ausgabe, auf der Seite und in den Dateien. Ohne Lizenz "
        "darf niemand die Daten weitergeben, und kein Datenportal nimmt sie auf.",
    )
    reminds = BooleanField(
        LIST_SETUP["reminds"],
        description="Ohne Haken geht keine Mail, auch nicht zur Öffnung und nicht zu offenen "
        "Rückfragen. Die Abfragen laufen weiter, und die Anrufliste bleibt.",
    )
    friendly_days = _days("friendly_days", "Hier zählen alle Tage.")
    overdue_working_days = _days("overdue_working_days")
    second_contact_working_days = _days(
        "second_contact_working_days", "An den Meldekontakt oder die öffentliche Adresse."
    )
    calls_working_days = _days("calls_working_days", "Ab dann hilft ein Anruf mehr als eine Mail.")

    @property
    def setup(self) -> ListSetup:
        """What was typed; the form must be valid."""
        return ListSetup(
            rhythm=Rhythm(self.rhythm.data),
            opens_day=self.opens_day.data,
            due_working_days=self.due_working_days.data,
            unconfirmed_rule=UnconfirmedRule(self.unconfirmed_rule.data),
            licence=Licence(self.licence.data),
            reminds=self.reminds.data,
            friendly_days=self.friendly_days.data,
            overdue_working_days=self.overdue_working_days.data,
            second_contact_working_days=self.second_contact_working_days.data,
            calls_working_days=self.calls_working_days.data,
        )


class RoundForm(VersionedForm):
    """The deadline and the end of one round."""

    due_on = DateField(
        ROUND_DATES["due_on"], [InputRequired("Geben Sie den Tag an, zum Beispiel 30.11.2026.")]
    )
    open_until = DateField(
        ROUND_DATES["open_until"],
        [Optional()],
        description="Bis dahin können Träger nachreichen. Leer heißt: bis zum letzten Tag des "
        "Monats, für den gemeldet wird.",
    )


class ReopenForm(BaseForm):
    """Until when a closed round is open again."""

    until = DateField(
        "Offen bis", [InputRequired("Geben Sie den Tag an, zum Beispiel 15.01.2027.")]
    )
