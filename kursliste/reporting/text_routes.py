"""The words of a district's reminders: read, change, look at the whole mail, go back to ours.

These pages belong to the master data by their address and to reporting by what they show: the
preview is made by the function that makes the real mails (ADR 0016).
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import TextAreaField

from kursliste.domain.errors import ConflictError, NotFoundError, RuleViolationError
from kursliste.domain.mail_text import LONGEST_TEXT, Placeholder, checked_text
from kursliste.domain.permissions import Permission
from kursliste.domain.reminders import QUESTION_AFTER, ReminderStep
from kursliste.infrastructure.database import transaction
from kursliste.masterdata.queries import coordinated_district, list_of
from kursliste.models.mail_text import MailText
from kursliste.models.masterdata import District
from kursliste.reporting import text_actions
from kursliste.reporting.mail_texts import texts_of
from kursliste.reporting.reminder_mails import SECTIONS
from kursliste.reporting.text_preview import preview_of
from kursliste.web.access import requires
from kursliste.web.conflicts import both_versions
from kursliste.web.context import current_actor, db_session
from kursliste.web.forms import VersionedForm
from kursliste.web.labels import REMINDER_STEP
from kursliste.web.links import absolute

bp = Blueprint("mail_texts", __name__, url_prefix="/stammdaten/kreise/<slug:district>/texte")

ADDRESSES: Final[Mapping[str, ReminderStep]] = MappingProxyType(
    {
        "oeffnung": ReminderStep.OPENING,
        "erinnerung": ReminderStep.FRIENDLY,
        "letzter-tag": ReminderStep.LAST_DAY,
        "ueberfaellig": ReminderStep.OVERDUE,
        "zweite-adresse": ReminderStep.SECOND_CONTACT,
        "rueckfrage": ReminderStep.QUESTION,
    }
)
"""The steps in the order of the ladder, by the last word of their page's address."""


class TextForm(VersionedForm):
    """The words of one step."""

    text = TextAreaField(
        "Text",
        description=f"Höchstens {LONGEST_TEXT} Zeichen. Diese Platzhalter werden für jede Mail "
        "ausgefüllt: " + ", ".join(placeholder.written for placeholder in Placeholder) + ".",
        render_kw={"rows": 6},
    )


@bp.get("")
@requires(Permission.LIST_CONFIGURE)
def texts(district: str) -> ResponseReturnValue:
    """Show each step: when it goes, our words, and the district's own if there are any."""
    session = db_session()
    found = coordinated_district(session, current_actor(), district)
    return render_template(
        "reporting/texts.html",
        district=found,
        course_list=list_of(session, found),
        question_after=QUESTION_AFTER,
        addresses=ADDRESSES,
        shipped=SECTIONS,
        own=texts_of(session, found),
    )


@bp.get("/<slug:step>")
@requires(Permission.LIST_CONFIGURE)
def text(district: str, step: str) -> ResponseReturnValue:
    """Show the words of a step and the mail that they make."""
    found, own = _found(district, step)
    words = own.text if own else SECTIONS[_step(step)]
    form = TextForm(text=words, version=own.version if own else text_actions.NOT_STORED)
    return _text_page(found, step, own, form)


@bp.post("/<slug:step>")
@requires(Permission.LIST_CONFIGURE)
def change_text(district: str, step: str) -> ResponseReturnValue:
    """Change the words of a step; with ``preview`` only show the mail that they would make."""
    session = db_session()
    found, own = _found(district, step)
    form = TextForm(request.form)
    if not form.validate():
        return _text_page(found, step, own, form)
    try:
        if "preview" in request.form:
            checked_text(form.text.data or "")
            return _text_page(found, step, own, form)
        with transaction(session):
            is_changed = text_actions.change_text(
                session,
                found,
                _step(step),
                form.text.data or "",
                seen_version=form.seen_version,
                actor=current_actor(),
            )
    except RuleViolationError as violation:
        form.show(violation)
        return _text_page(found, step, own, form)
    except ConflictError as conflict:
        return _both_versions(conflict, district, step)
    told = "Der Text „{}“ ist gespeichert." if is_changed else "Der Text „{}“ war schon so."
    flash(told.format(REMINDER_STEP[_step(step)]), "success")
    return redirect(url_for("mail_texts.texts", district=district))


@bp.post("/<slug:step>/zuruecksetzen")
@requires(Permission.LIST_CONFIGURE)
def reset_text(district: str, step: str) -> ResponseReturnValue:
    """Go back to our words."""
    session = db_session()
    found, _own = _found(district, step)
    form = VersionedForm(request.form)
    try:
        with transaction(session):
            text_actions.reset_text(
                session,
                found,
                _step(step),
                seen_version=form.seen_version,
                actor=current_actor(),
            )
    except ConflictError as conflict:
        return _both_versions(conflict, district, step)
    flash(f"Für „{REMINDER_STEP[_step(step)]}“ gilt wieder der mitgelieferte Text.", "success")
    return redirect(url_for("mail_texts.texts", district=district))


def _step(address: str) -> ReminderStep:
    if address not in ADDRESSES:
        raise NotFoundError(f"step {address}")
    return ADDRESSES[address]


def _found(district: str, address: str) -> tuple[District, MailText | None]:
    session = db_session()
    found = coordinated_district(session, current_actor(), district)
    return found, texts_of(session, found).get(_step(address))


def _text_page(
    found: District, address: str, own: MailText | None, form: TextForm
) -> ResponseReturnValue:
    """Show the form with the mail of what stands in it, or of what is stored if it is wrong."""
    step = _step(address)
    stored = own.text if own else None
    mail = preview_of(
        db_session(),
        found,
        step,
        stored if form.errors else form.text.data,
        link=lambda report_id: absolute("reporting.report", report_id=report_id),
        overview=absolute("reporting.own_reports"),
    )
    page = render_template(
        "reporting/text.html",
        district=found,
        address=address,
        step=step,
        own=own,
        form=form,
        shipped=SECTIONS[step],
        mail=mail,
        is_new=form.text.data != (stored or SECTIONS[step]),
    )
    return page, 422 if form.errors else 200


def _both_versions(conflict: ConflictError, district: str, address: str) -> ResponseReturnValue:
    _district, own = _found(district, address)
    stored = own.version if own else text_actions.NOT_STORED
    here = url_for("mail_texts.text", district=district, step=address)
    return both_versions(conflict, {"version": stored}, reload_url=here)
