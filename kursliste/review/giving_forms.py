"""What a coordinator chooses when courses go to another provider."""

from collections.abc import Sequence
from typing import Self

from wtforms import HiddenField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import DataRequired
from wtforms.widgets import CheckboxInput, ListWidget

from kursliste.domain.calendar import Month
from kursliste.models.masterdata import Provider
from kursliste.review.giving import GivenCourse
from kursliste.web.forms import BaseForm, number
from kursliste.web.labels import shown


class GivingForm(BaseForm):
    """Courses, receiver and month; ``seal`` is that of the plan that stood on the page."""

    courses = SelectMultipleField(
        "Welche Kurse gehen?",
        [DataRequired("Wählen Sie mindestens einen Kurs.")],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    receiver = SelectField(
        "Welcher Träger bekommt sie?",
        [DataRequired("Wählen Sie einen Träger.")],
        coerce=lambda text: number(str(text)) or 0,
    )
    month = SelectField("Ab welchem Monat meldet er sie?")
    seal = HiddenField()

    def of(
        self,
        courses: Sequence[GivenCourse],
        receivers: Sequence[Provider],
        months: Sequence[Month],
    ) -> Self:
        """Return the form with what there is to choose from."""
        self.courses.choices = [SelectChoice(one.course_id, one.title) for one in courses]
        named = [SelectChoice(one.id, one.name) for one in receivers]
        self.receiver.choices = [SelectChoice(0, "bitte wählen"), *named]
        self.month.choices = [SelectChoice(str(month), shown(month)) for month in months]
        if not self.month.raw_data:  # the newest open month; the last one has no reports yet
            self.month.data = str(months[-2:][0])
        return self
