"""What people type to sign in."""

import re

from wtforms import BooleanField, StringField, ValidationError
from wtforms.validators import InputRequired, Length

from kursliste.domain.errors import RuleViolationError
from kursliste.domain.second_factor import (
    APP_DIGITS,
    PAPER_LENGTH,
    is_app_code,
    is_paper_code,
)
from kursliste.domain.sign_in import CODE_DIGITS
from kursliste.infrastructure.mailbox import checked_address
from kursliste.web.forms import BaseForm
from kursliste.web.languages import N_


class MailForm(BaseForm):
    """The address that a link is sent to."""

    email = StringField(
        N_("E-Mail-Adresse"),
        [
            InputRequired(N_("Geben Sie Ihre E-Mail-Adresse ein.")),
            Length(max=254, message=N_("Höchstens 254 Zeichen sind möglich.")),
        ],
    )

    def validate_email(self, field: StringField) -> None:
        """Refuse what is not exactly one address; keep it in lower case."""
        try:
            self.address = checked_address(field.data or "")
        except RuleViolationError as error:
            raise ValidationError(
                N_("Das ist keine E-Mail-Adresse. Sie hat die Form name@beispiel.de.")
            ) from error


class CodeForm(BaseForm):
    """The code of the mail, with or without blanks and hyphens."""

    code = StringField("Code aus der E-Mail", [InputRequired("Geben Sie den Code ein.")])

    @property
    def digits(self) -> str:
        """Return the code without what people put between its digits."""
        return re.sub(r"[\s-]", "", self.code.data or "")

    def validate_code(self, _field: StringField) -> None:
        """Refuse what cannot be a code before it costs a try."""
        if not re.fullmatch(rf"[0-9]{{{CODE_DIGITS}}}", self.digits):
            raise ValidationError(f"Der Code hat {CODE_DIGITS} Ziffern.")


class SecondStepForm(BaseForm):
    """A code of the app or from paper; on the first device also whether to remember it."""

    code = StringField("Code der App", [InputRequired("Geben Sie den Code ein.")])
    remembers = BooleanField("Auf diesem Gerät 30 Tage ohne E-Mail anmelden")

    def validate_code(self, field: StringField) -> None:
        """Refuse what cannot be a code before it costs a try."""
        typed = field.data or ""
        if not (is_app_code(typed) or is_paper_code(typed)):
            raise ValidationError(
                f"Der Code der App hat {APP_DIGITS} Ziffern, ein Ersatzcode {PAPER_LENGTH} Zeichen."
            )
