"""The shape of a note, and of a search to keep."""

from wtforms import StringField, TextAreaField

from kursliste.domain.professionals import LONGEST_NOTE
from kursliste.web.forms import BaseForm


class CourseNoteForm(BaseForm):
    """A note about a course, for colleagues."""

    text = TextAreaField(
        "Neue Notiz",
        description=f"Höchstens {LONGEST_NOTE} Zeichen. Das lesen nur Beratung und Koordination "
        "dieses Kreises. Schreiben Sie keine Namen von Ratsuchenden.",
        render_kw={"rows": 3},
    )


class SearchForm(BaseForm):
    """Under which name a search is kept."""

    name = StringField("Name der Suche", description="So heißt die Suche in Ihrer E-Mail.")
