"""What a coordinator chooses and confirms when two providers become one."""

from collections.abc import Sequence
from typing import Self

from wtforms import HiddenField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import DataRequired

from kursliste.models.masterdata import Provider
from kursliste.web.forms import BaseForm, number


class PartnerForm(BaseForm):
    """The provider that goes on."""

    mit = SelectField(
        "Welcher Träger bleibt?",
        [DataRequired("Wählen Sie einen Träger.")],
        coerce=lambda text: number(str(text)) or 0,
    )

    def of(self, partners: Sequence[Provider]) -> Self:
        """Return the form with these providers to choose from; towns tell two of a name apart."""
        named = [(one.id, f"{one.name} ({one.town})" if one.town else one.name) for one in partners]
        self.mit.choices = [SelectChoice(*one) for one in ((0, "bitte wählen"), *named)]
        return self


class MergeForm(BaseForm):
    """The seal of the plan that stood on the page."""

    seal = HiddenField()
