"""The pages of a list's layout: choose one, change it, look at page and files, set the logo.

By their address they belong to the master data; they stand above catalogue and publishing because
the preview is made by the functions that make the real page and files (ADR 16).
"""

from typing import Final

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import CombinedMultiDict

from kursliste.domain.errors import ConflictError, Rule, RuleViolationError
from kursliste.domain.layout import STANDARD, Layout
from kursliste.domain.layout_rules import check_layout, gaps_of
from kursliste.domain.permissions import Permission
from kursliste.domain.shipped_layouts import SHIPPED
from kursliste.infrastructure.database import transaction
from kursliste.infrastructure.pictures import PictureRefusedError, read_picture
from kursliste.layouts import actions
from kursliste.layouts.forms import LayoutForm, LayoutFormBase, LogoForm
from kursliste.layouts.headings import strange_headings
from kursliste.layouts.preview import image_address, preview_file, preview_of
from kursliste.masterdata.list_page import ListPage, list_page
from kursliste.models.layout import ListLayout, LogoImage
from kursliste.publishing.queries import list_layout_or_none
from kursliste.web.access import requires
from kursliste.web.codes import codes
from kursliste.web.conflicts import both_versions
from kursliste.web.context import current_actor, db_session
from kursliste.web.labels import UNCONFIRMED_RULE

bp = Blueprint("layouts", __name__, url_prefix="/stammdaten/kreise/<slug:district>/layout")

PREVIEWED: Final = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}


@bp.get("")
@requires(Permission.LIST_CONFIGURE)
def layout(district: str) -> ResponseReturnValue:
    """Show the layout of a list, or a shipped one to begin with, and what it makes."""
    page, own = _found(district)
    form = LayoutForm(version=str(own.version if own else actions.NOT_STORED))
    begun = SHIPPED.get(request.args.get("vorlage", ""))
    stored = own.layout if own else STANDARD
    form.fill(begun or stored)
    return _layout_page(page, own, form, begun or stored)


@bp.post("")
@requires(Permission.LIST_CONFIGURE)
def change_layout(district: str) -> ResponseReturnValue:
    """Change the layout; with ``preview`` only show what it would make, as page or as a file."""
    session = db_session()
    page, own = _found(district)
    form = LayoutForm(request.form)
    stored = own.layout if own else STANDARD
    if not form.validate():
        return _layout_page(page, own, form, stored, 422)
    wanted = form.layout
    ending = request.form.get("preview", "")
    try:
        if ending:
            check_layout(wanted, knows_gaps=True)
            if ending in PREVIEWED:
                return _file(page, own, wanted, ending)
            form.fill(wanted)
            return _layout_page(page, own, form, wanted)
        with transaction(session):
            is_changed = actions.change_layout(
                session,
                page.course_list,
                wanted,
                knows_gaps=bool(form.knows_gaps.data),
                seen_version=form.seen_version,
                actor=current_actor(),
            )
    except RuleViolationError as violation:
        form.show(violation)
        shown = wanted if violation.rule is Rule.LAYOUT_HAS_GAPS else stored
        return _layout_page(page, own, form, shown, 422)
    except ConflictError as conflict:
        own = list_layout_or_none(session, page.course_list)
        versions = {form.version.name: own.version if own else actions.NOT_STORED}
        return both_versions(conflict, versions, action=_address(page))
    told = "Das Layout ist gespeichert. Es gilt ab der nächsten Ausgabe."
    flash(told if is_changed else "Es hat sich nichts geändert.", "success")
    return redirect(_address(page))


@bp.post("/logo")
@requires(Permission.LIST_CONFIGURE)
def put_logo(district: str) -> ResponseReturnValue:
    """Set the logo of a list."""
    session = db_session()
    page, own = _found(district)
    logo_form = LogoForm(CombinedMultiDict([request.files, request.form]))
    if not logo_form.validate():
        return _with_logo_form(page, own, logo_form)
    try:
        picture = read_picture(logo_form.file.data.read())
        with transaction(session):
            actions.put_logo(
                session,
                page.course_list,
                picture,
                logo_form.text.data or "",
                actor=current_actor(),
            )
    except PictureRefusedError as refusal:
        logo_form.file.errors = [str(refusal)]
        return _with_logo_form(page, own, logo_form)
    flash("Das Logo ist gespeichert. Es steht ab der nächsten Ausgabe in der Liste.", "success")
    return redirect(_address(page))


@bp.post("/logo/entfernen")
@requires(Permission.LIST_CONFIGURE)
def remove_logo(district: str) -> ResponseReturnValue:
    """Take the logo away; published editions keep theirs."""
    session = db_session()
    page, _own = _found(district)
    with transaction(session):
        is_gone = actions.remove_logo(session, page.course_list, actor=current_actor())
    flash("Das Logo ist entfernt." if is_gone else "Die Liste hatte kein Logo.", "success")
    return redirect(_address(page))


def _found(district: str) -> tuple[ListPage, ListLayout | None]:
    session = db_session()
    page = list_page(session, current_actor(), district, request.args.get("liste"))
    return page, list_layout_or_none(session, page.course_list)


def _address(page: ListPage) -> str:
    return url_for("layouts.layout", district=page.district.slug, liste=request.args.get("liste"))


def _file(
    page: ListPage, own: ListLayout | None, wanted: Layout, ending: str
) -> ResponseReturnValue:
    made = preview_file(
        db_session(),
        page.course_list,
        _with_logo_of(wanted, own),
        ending,
        codes=codes(),
        actor=current_actor(),
    )
    if made is None:
        flash("Es gibt noch keine freigegebenen Kurse, die eine Vorschau zeigen könnte.", "info")
        return redirect(_address(page))
    name, content = made
    response = make_response(content)
    response.headers["Content-Type"] = PREVIEWED[ending]
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _with_logo_form(
    page: ListPage, own: ListLayout | None, logo_form: LogoForm
) -> ResponseReturnValue:
    form = LayoutForm(formdata=None, version=str(own.version if own else actions.NOT_STORED))
    stored = own.layout if own else STANDARD
    form.fill(stored)
    return _layout_page(page, own, form, stored, 422, logo_form=logo_form)


def _layout_page(
    page: ListPage,
    own: ListLayout | None,
    form: LayoutFormBase,
    shown: Layout,
    status: int = 200,
    *,
    logo_form: LogoForm | None = None,
) -> ResponseReturnValue:
    """Show the form with what ``shown`` makes: what is typed, or else what is stored."""
    session = db_session()
    logo = session.get(LogoImage, own.logo_sha256) if own and own.logo_sha256 else None
    shown = _with_logo_of(shown, own)
    body = render_template(
        "layouts/layout.html",
        page=page,
        form=form,
        logo_form=logo_form or LogoForm(formdata=None),
        shown=shown,
        is_stored=shown == (own.layout if own else STANDARD),
        shipped=SHIPPED,
        gaps=gaps_of(shown),
        strange=strange_headings(session, shown),
        logo=own.layout.logo if own else None,
        logo_address=image_address(logo) if logo else "",
        unconfirmed=UNCONFIRMED_RULE[page.course_list.unconfirmed_rule],
        preview=preview_of(session, page.course_list, shown, codes=codes(), actor=current_actor()),
    )
    return body, status


def _with_logo_of(wanted: Layout, own: ListLayout | None) -> Layout:
    return wanted.with_logo_of(own.layout if own else STANDARD)
