"""Addresses that stay, for bookmarks and websites: they lead to the current edition's files."""

from flask import Response, make_response, redirect, render_template, url_for

from kursliste.catalogue.blueprint import A_WHILE
from kursliste.domain.errors import NotFoundError
from kursliste.models.edition import Edition, EditionFile
from kursliste.web.speaking import speak_of_failure


def lead_to(edition: Edition, file: EditionFile) -> Response:
    """Lead from an address that stays to a file that will be replaced by a newer one."""
    address = url_for(
        "catalogue.file",
        district=edition.district_slug,
        month=edition.month,
        number=edition.number,
        name=file.name,
    )
    return for_a_while(address)


def for_a_while(address: str) -> Response:
    """Lead to what stands now; browsers keep the way for some minutes only."""
    response = make_response(redirect(address))
    response.headers["Cache-Control"] = A_WHILE
    return response


def no_such_file(edition: Edition, ext: str, format: str) -> tuple[str, int]:  # noqa: A002 -- its name
    """Say that the edition has no file with this ending, and which ones it has.

    ``format`` is the files' ``EditionFile.format``, or "list" for those of the list itself.
    """
    files = [file for file in edition.files if not file.is_internal and is_of(file, format)]
    if not files:
        raise NotFoundError(f"{format} files of {edition.name}")
    speak_of_failure()
    body = render_template("catalogue/no_file.html", edition=edition, files=files, ending=ext)
    return body, 404


def is_of(file: EditionFile, format: str) -> bool:  # noqa: A002 -- its name
    """Return whether a file belongs to the list itself, or has another purpose."""
    if format == "list":
        return file.format not in {"manifest", "providers"}
    return file.format == format
