"""Pages that exist in all languages: how one is chosen, and how links keep it."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final, TypeVar
from urllib.parse import parse_qs, urlencode, urlsplit

from flask import Flask, Response, current_app, g, redirect, request
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from kursliste.web.access import ACCESS_MARK
from kursliste.web.context import READING, current_actor
from kursliste.web.languages import (
    GERMAN,
    LANGUAGES,
    PARAMETER,
    Language,
    as_typed,
    current_language,
    fact_word,
    gettext,
    in_order,
    known,
    month_name,
    ngettext,
    pgettext,
    speak,
)

FOR_STAFF: Final = ("/anmelden", "/konto")
"""Public pages that only those open who work with the lists: they stay German."""

View = TypeVar("View", bound=Callable[..., Any])  # a view may take and return anything


def preferred(accept_language: str) -> str:
    """Return which of our languages a browser's ``Accept-Language`` asks for; German if none.

    Who understands German at all gets German: the list is German, and so are the courses.
    """
    return _preferred(accept_language[:200])


@lru_cache(maxsize=256)
def _preferred(accept_language: str) -> str:
    accepted = parse_accept_header(accept_language, LanguageAccept)
    wanted = [tag.lower().partition("-")[0] for tag, quality in accepted if quality > 0]
    if GERMAN in wanted:
        return GERMAN
    return next((code for code in wanted if code in LANGUAGES), GERMAN)


def speaks(view: View) -> View:
    """Mark a view whose page exists in all languages."""
    view.speaks = True  # type: ignore[attr-defined]  # read by _speaks below
    return view


def speaks_when_asked(view: View) -> View:
    """Mark a view whose page exists in all languages and takes one from its address alone.

    What stands on another website is in the language of that website, whatever a browser wants.
    """
    view.waits_for_a_language = True  # type: ignore[attr-defined]  # read by _choose below
    return speaks(view)


def _speaks(endpoint: str | None) -> bool:
    return bool(getattr(current_app.view_functions.get(endpoint or ""), "speaks", False))


def init_app(app: Flask) -> None:
    """Let templates translate, pages speak the language of their address, and links keep it."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # comes with the extension
        gettext, ngettext, newstyle=True, pgettext=pgettext
    )
    app.jinja_env.globals |= {
        "current_language": current_language,
        "fact_word": fact_word,
        "in_other_languages": in_other_languages,
        "as_typed": as_typed,
        "month_name": month_name,
    }
    app.jinja_env.filters["in_order"] = in_order
    app.before_request(_choose)
    app.teardown_request(_forget)
    app.url_defaults(_keep)


def _choose() -> Response | None:
    """Speak as the address says; send a first visitor to the language that their browser wants."""
    speak(GERMAN)
    if not _speaks(request.endpoint):
        return None
    asked = request.args.get(PARAMETER)
    if asked is not None:
        speak(known(asked))
        return None
    if getattr(current_app.view_functions[request.endpoint or ""], "waits_for_a_language", False):
        return None
    wanted = preferred(request.headers.get("Accept-Language", ""))
    if wanted == GERMAN or request.method != "GET":
        return None
    arguments = [*request.args.items(multi=True), (PARAMETER, wanted)]
    response = redirect(_address(arguments))
    response.headers["Vary"] = "Accept-Language"
    response.headers["Cache-Control"] = "private, no-store"
    return response  # type: ignore[return-value]  # Flask's is a Werkzeug response


def speak_of_failure() -> None:
    """Let the page of a failed request speak as the page that led to it.

    What the address says counts first, then the page of ours that held the link or the form, and
    for somebody who came by a link alone the browser. Pages of staff stay German.
    """
    g.failed_for_readers = _is_for_readers()
    if not g.failed_for_readers or current_language().code != GERMAN:
        return
    asked = request.args.get(PARAMETER)
    said = _of_referring_page() if asked is None else asked
    if said is None and request.method in READING:
        said = preferred(request.headers.get("Accept-Language", ""))
    speak(known(said))


def _is_for_readers() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    if _speaks(request.endpoint):
        return True
    is_open = view is None or getattr(view, ACCESS_MARK, "") == "public"
    is_staff = current_actor().is_signed_in or request.path.startswith(FOR_STAFF)
    return is_open and not is_staff


def _of_referring_page() -> str | None:
    """Return the language in the address of our page that led here; None if it names none."""
    try:
        held = urlsplit(request.referrer or "")
    except ValueError:  # what stands in a header may be anything
        return None
    if not held.netloc or held.netloc != request.headers.get("Host"):
        return None
    return next(iter(parse_qs(held.query).get(PARAMETER, ())), None)


def _forget(_error: BaseException | None) -> None:
    speak(GERMAN)


def _keep(endpoint: str, values: dict[str, Any]) -> None:
    """Let links from a page in another language lead to pages in that language."""
    code = current_language().code
    if code != GERMAN and PARAMETER not in values and _speaks(endpoint):
        values[PARAMETER] = code


def _address(arguments: list[tuple[str, str]]) -> str:
    query = urlencode(arguments)
    return f"{request.path}?{query}" if query else request.path


def in_other_languages() -> list[tuple[Language, str]]:
    """Return for the page of this request each language with the address of the same page.

    Empty where a page is German only. German names itself, so that a choice for it stays.
    """
    stays = request.method in READING and g.get("failed_for_readers", False)
    if not (_speaks(request.endpoint) or stays):
        return []
    kept = [(k, v) for k, v in request.args.items(multi=True) if k != PARAMETER]
    return [
        (language, _address([*kept, (PARAMETER, code)])) for code, language in LANGUAGES.items()
    ]
