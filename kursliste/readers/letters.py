"""What a mail says about an issue: put together for the tick and for the preview alike."""

from kursliste.publishing.mailing import workbook_name
from kursliste.readers.fitting import Issue, Reading
from kursliste.readers.links import Links
from kursliste.readers.mails import Letter


def letter_of(issue: Issue, reading: Reading, links: Links, *, attaches: bool) -> Letter:
    """Return what a mail about an issue says to a reader; only the reader's own link is missing."""
    edition = issue.edition
    name = workbook_name(edition)
    return Letter(
        edition=edition,
        is_correction=issue.is_correction,
        first=issue.earlier is None,
        words=issue.words,
        filter_words=reading.filter_words,
        news=reading.news,
        courses=reading.courses,
        list_link=links.course_list(edition, reading.filters),
        file_link=links.file(edition, name),
        attachment=f"{edition.folder}/{name}" if attaches else None,
    )
