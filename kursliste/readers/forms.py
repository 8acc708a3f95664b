"""What readers and coordinators type about mails to readers."""

from typing import Any

from wtforms import BooleanField, IntegerField
from wtforms.validators import InputRequired, NumberRange

from kursliste.domain.subscription import LARGEST_MOST_KB
from kursliste.identity.forms import MailForm
from kursliste.models.subscription import MailingRules
from kursliste.web.forms import VersionedForm
from kursliste.web.languages import N_, gettext

ALWAYS = N_("Auch schreiben, wenn zu meinem Filter nichts neu ist")


class OrderForm(MailForm):
    """An order of a mail for each new list; what is looked for stands in the address.

    It speaks the language of the page: labels, and what is wrong.
    """

    always = BooleanField(ALWAYS)

    def __init__(self, *args: Any, **more: Any) -> None:  # WTForms' types
        super().__init__(*args, **more)
        for field in self:
            field.label.text = gettext(field.label.text)

    def validate(self, extra_validators: Any = None) -> bool:  # WTForms' type
        """Check every field; what is wrong is told in the language of the page."""
        is_right = super().validate(extra_validators)
        for field in self:
            field.errors = [gettext(str(error)) for error in field.errors]
        return is_right


class InviteForm(MailForm):
    """An address that a coordinator adds; its owner must have said yes and confirms it."""

    has_agreed = BooleanField(
        "Die Person ist damit einverstanden",
        [InputRequired("Fragen Sie die Person zuerst und setzen Sie dann den Haken.")],
        description="Sie bekommt eine E-Mail und bestätigt selbst.",
    )


class RulesForm(VersionedForm):
    """Whether the Excel file goes along with a mail, and up to which size."""

    attaches = BooleanField(
        "Excel-Datei anhängen", description="Sonst steht in der E-Mail nur der Link."
    )
    most_kb = IntegerField(
        "höchstens so viele Kilobyte",
        [
            InputRequired("Geben Sie eine Zahl ein, zum Beispiel 500."),
            NumberRange(1, LARGEST_MOST_KB, f"Möglich sind 1 bis {LARGEST_MOST_KB} Kilobyte."),
        ],
        description="Ist die Datei größer, steht nur der Link in der E-Mail.",
    )

    @classmethod
    def of(cls, rules: MailingRules) -> "RulesForm":
        """Return the form of what holds."""
        return cls(obj=rules, data={"version": rules.version or 0})
