"""The questions of the form; every answer is optional, and none is ever stored."""

from typing import Final

from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.widgets import CheckboxInput, ListWidget

from kursliste.domain.course import TimeOfDay
from kursliste.domain.matching import Paper, Reached, Situation
from kursliste.models.masterdata import District
from kursliste.web.forms import BaseForm
from kursliste.web.languages import N_, fact_word
from kursliste.web.languages import gettext as _

REACHED: Final = {
    Reached.NO_READING: N_("Ich kann noch nicht lesen und schreiben"),
    Reached.NOTHING: N_("Ich fange neu an"),
    Reached.A1: N_("A1: Ich verstehe einfache Sätze"),
    Reached.A2: N_("A2: Ich komme im Alltag zurecht"),
    Reached.B1: N_("B1: Ich kann über vieles sprechen"),
    Reached.B2: N_("B2: Ich spreche gut"),
    Reached.UNKNOWN: N_("Ich weiß es nicht"),
}
NO_PAPER: Final = "keins"
RINGS: Final = ("", "5", "10", "20", "50")


class Several(SelectMultipleField):
    """Checkboxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class MatchForm(BaseForm):
    """What somebody tells about their situation."""

    reached = RadioField(validate_choice=False)
    papers = Several(validate_choice=False)
    kreis = SelectField(validate_choice=False)
    plz = StringField()
    umkreis = SelectField(validate_choice=False)
    times = Several(validate_choice=False)
    childcare = BooleanField()
    women = BooleanField()
    free = BooleanField()
    wheelchair = BooleanField()

    def word(self, districts: list[District]) -> None:
        """Put the questions and answers in the language of the page."""
        self.reached.label.text = _("Wie gut sprechen Sie Deutsch?")
        self.reached.choices = [(str(key), _(words)) for key, words in REACHED.items()]
        self.papers.label.text = _("Welches Papier haben Sie?")
        self.papers.choices = [
            *((str(paper), fact_word("admission", paper)) for paper in Paper),
            (NO_PAPER, _("keins davon")),
        ]
        self.kreis.label.text = _("Landkreis oder Stadt")
        self.kreis.choices = [("", _("alle")), *((one.slug, one.name) for one in districts)]
        self.plz.label.text = _("Ihre Postleitzahl")
        self.umkreis.label.text = _("Wie weit können Sie fahren?")
        self.umkreis.choices = [(km, f"{km} km" if km else _("egal")) for km in RINGS]
        self.times.label.text = _("Wann haben Sie Zeit?")
        self.times.choices = [
            (str(time), fact_word("time_of_day", time))
            for time in TimeOfDay
            if time is not TimeOfDay.ALL_DAY
        ]
        self.childcare.label.text = _("Ich brauche Kinderbetreuung")
        self.women.label.text = _("Ich möchte in einen Kurs nur für Frauen")
        self.free.label.text = _("Der Kurs darf nichts kosten")
        self.wheelchair.label.text = _("Der Ort muss barrierefrei sein")

    @property
    def situation(self) -> Situation:
        """What was answered; an answer that is none of ours asks for nothing."""
        papers = set(self.papers.data or ())
        distance = self.umkreis.data or ""
        return Situation(
            reached=Reached(self.reached.data) if self.reached.data in set(Reached) else None,
            papers=frozenset(paper for paper in Paper if paper in papers),
            has_no_paper=NO_PAPER in papers,
            times=frozenset(time for time in TimeOfDay if time in (self.times.data or ())),
            needs_childcare=bool(self.childcare.data),
            women_only=bool(self.women.data),
            must_be_free=bool(self.free.data),
            needs_wheelchair=bool(self.wheelchair.data),
            max_km=float(distance) if distance in RINGS and distance else None,
        )
