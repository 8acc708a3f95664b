"""The catalogues in languages/: complete, and every translation fills the places of its text."""

import re

import pytest

from kursliste.web.languages import GERMAN, LANGUAGES
from scripts import languages

CODES = sorted(LANGUAGES.keys() - {GERMAN})
PLACE = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")


@pytest.fixture(scope="module")
def template():
    return languages.template()


@pytest.fixture(params=CODES)
def catalogue(request):
    return languages.read(request.param)


def texts(catalogue):
    """All messages but the header."""
    return [message for message in catalogue if message.id]


def forms(value: object) -> list[str]:
    """The one text, or all plural forms; an empty one where nobody translated."""
    if isinstance(value, str):
        return [value]
    return [str(form or "") for form in value] if isinstance(value, list | tuple) else [""]


def places(words: list[str]) -> set[str]:
    return {one or other for text in words for one, other in PLACE.findall(text)}


def test_every_text_of_the_pages_is_there_and_none_that_no_page_says(template, catalogue):
    def keys(one):
        return {(message.context, *forms(message.id)) for message in texts(one)}

    assert keys(catalogue) == keys(template)
    assert [one.id for one in texts(catalogue) if "" in forms(one.string) or one.fuzzy] == []


def test_a_translation_fills_the_same_places(catalogue):
    """A form for one or two may leave out the number, as words do in Arabic."""
    wrong = []
    for message in texts(catalogue):
        wanted = places(forms(message.id))
        found = forms(message.string)
        each = [places([form]) for form in found]
        optional = {"num"} if len(found) > 1 else set()
        if any(not wanted - optional <= form <= wanted for form in each) or each[-1] != wanted:
            wrong.append((message.id, message.string))
    assert wrong == []


def test_plurals_have_as_many_forms_as_the_language(catalogue):
    plurals = [one for one in texts(catalogue) if isinstance(one.id, tuple)]
    assert plurals
    assert [one.id for one in plurals if len(forms(one.string)) != catalogue.num_plurals] == []


def test_no_markup_comes_with_a_translation(catalogue):
    words = [form for one in texts(catalogue) for form in forms(one.string)]
    assert [form for form in words if re.search(r"<\w|&#?\w+;", form)] == []
