"""The PDF of an edition: A4 landscape, PDF/UA-1, tagged, with a bookmark per group.

It is set by ``infrastructure.documents`` with the moment of publishing, so equal rows give equal
bytes.
"""

from collections.abc import Mapping, Sequence
from functools import cache

from kursliste.domain.edition import CodeWords, EditionHead
from kursliste.domain.news import News
from kursliste.infrastructure import documents
from kursliste.publishing.formats.pdf_cells import PrintedCourse
from kursliste.publishing.formats.pdf_data import data_of
from kursliste.settings import resource_dir


def build(
    head: EditionHead,
    courses: Sequence[PrintedCourse],
    words: CodeWords,
    news: News,
) -> bytes:
    """Return the ``.pdf`` of an edition; public columns of public rows only.

    Raises RuleViolationError (PDF_FAILED) where the document cannot be made, and ValueError for
    text that no file may hold (``text.clean``).
    """
    return documents.packed(set_in(template(), data_of(head, courses, words, news), head))


@cache
def template() -> str:
    """Return the markup of the printed list."""
    folder = resource_dir("templates") / "publishing"
    return (folder / "list.typ").read_text(encoding="utf-8")


def set_in(markup: str, data: Mapping[str, object], head: EditionHead) -> bytes:
    """Return ``data`` set in the template ``markup``, as typst gives it."""
    return documents.set_document(markup, data, at=head.published_at, name=head.name)
