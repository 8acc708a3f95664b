"""The shipped trivial fields are real ones, and none of them says what a course is."""

from kursliste.domain.course import FIELD, Section
from kursliste.domain.triviality import CHOOSABLE, DEFAULT_TRIVIAL


def test_every_trivial_field_can_be_chosen():
    assert DEFAULT_TRIVIAL.issubset(CHOOSABLE)


def test_what_a_course_is_is_never_trivial_by_itself():
    told = {name for name in DEFAULT_TRIVIAL if FIELD[name].section is Section.WHAT}

    assert told == {"current_module"}
