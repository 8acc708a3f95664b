"""What every form does with text (SECURITY.md, rule 32, T38)."""

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired

from kursliste.domain.errors import Rule, RuleViolationError
from kursliste.web.forms import BaseForm

INVISIBLE = (
    "Hier steht ein unsichtbares Steuerzeichen (Stelle 3). Löschen Sie es oder tippen Sie den "
    "Text neu."
)


class NoteForm(BaseForm):
    name = StringField("Name", [InputRequired("Diese Angabe fehlt.")])
    note = TextAreaField("Notiz", filters=[lambda text: text or None])
    count = IntegerField("Zahl")

    def validate_name(self, field):
        if field.data == "verboten":
            field.errors = [*field.errors, "geht nicht"]


def a_form(**values):
    return NoteForm(MultiDict({"name": "x", "count": "1", **values}))


@pytest.mark.asvs("1.1.1")
@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Görlitz \n", "Görlitz"),
        ("Go\u0308rlitz", "Görlitz"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("a  b", "a  b"),
        ("\u00a0x\u00a0", "x"),
        ("👩‍🏫 Kurs", "👩‍🏫 Kurs"),
    ],
)
def test_text_is_kept_in_one_form(typed, kept):
    form = a_form(name=typed)
    assert form.validate()
    assert form.name.data == kept


def test_filters_of_a_field_run_before_ours():
    assert a_form(note="  ").note.data == ""
    assert a_form(note="").note.data is None


@pytest.mark.asvs("1.3.3")
@pytest.mark.con10("A8")
@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x0b", "\x1f", "\x7f", "\x85", "\u2028"])
def test_control_characters_are_named_and_not_cut(sign):
    form = a_form(name=f"ab{sign}c")
    assert not form.validate()
    assert form.errors == {"name": [INVISIBLE]}
    assert form.name.data == f"ab{sign}c"


def test_line_ends_and_tabs_are_no_control_characters():
    assert a_form(note="a\n\tb").validate()


def test_a_broken_character_is_named():
    form = a_form(name="ab\ud800")
    assert not form.validate()
    assert form.errors == {"name": ["Das Zeichen an Stelle 3 ist beschädigt. Tippen Sie es neu."]}


def test_messages_of_the_library_are_german():
    form = a_form(count="viele")
    assert not form.validate()
    assert form.errors == {"count": ["Keine gültige, ganze Zahl."]}


def test_a_broken_rule_stands_at_its_field():
    form = a_form()
    form.validate()
    form.show(RuleViolationError(Rule.VALUE_MISSING, field="name"))
    assert form.errors == {"name": ["Diese Angabe fehlt."]}


def test_a_broken_rule_without_a_field_stands_above_the_form():
    form = a_form()
    form.validate()
    form.show(RuleViolationError(Rule.REASON_MISSING))
    form.show(RuleViolationError(Rule.VALUE_MISSING, field="somewhere else"))
    assert len(form.form_errors) == 2
    assert form.form_errors[1] == "Diese Angabe fehlt."


def test_extra_validators_of_a_caller_run_too():
    seen = []
    form = a_form()
    assert form.validate(extra_validators={"name": [lambda _form, field: seen.append(field.name)]})
    assert seen == ["name"]
