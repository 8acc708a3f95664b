"""The administration's pages: the overview, mails, and the journal."""

from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kursliste.administration import (
    actions,
    code_routes,
    disclosure_routes,
    district_routes,
    person_routes,
    queries,
    site_routes,
)
from kursliste.administration.blueprint import bp
from kursliste.administration.journal_words import SUBJECTS, lines_of
from kursliste.administration.queries import JournalQuestion
from kursliste.domain.errors import RuleViolationError
from kursliste.domain.events import JournalEvent
from kursliste.domain.permissions import Permission
from kursliste.infrastructure.database import transaction
from kursliste.infrastructure.mailbox import WIPED, failed_mails, is_secret
from kursliste.models.outbox import MailStatus
from kursliste.review.queries import coordinated_districts
from kursliste.web.access import requires
from kursliste.web.context import current_actor, db_session
from kursliste.web.error_words import message
from kursliste.web.event_words import EVENTS
from kursliste.web.forms import number

# Naming the groups of pages here is what puts them on the blueprint.
__all__ = [
    "bp",
    "code_routes",
    "disclosure_routes",
    "district_routes",
    "person_routes",
    "site_routes",
]

MAIL_STATE = {
    MailStatus.QUEUED: "unterwegs",
    MailStatus.SENT: "gesendet",
    MailStatus.FAILED: "gescheitert",
}


@bp.get("")
@requires(Permission.SITE_EDIT)
def start() -> ResponseReturnValue:
    """Show what can be done here, and what waits for somebody."""
    session = db_session()
    written = queries.site_texts(session)
    return render_template(
        "administration/start.html",
        failed=failed_mails(session),
        missing=[
            page.title
            for page in site_routes.PAGES.values()
            if page.key not in written or not written[page.key].body
        ],
    )


@bp.get("/postausgang")
@requires(Permission.OUTBOX_MANAGE)
def outbox() -> ResponseReturnValue:
    """Show what was sent to whom, what waits, and what failed."""
    state, words = _state(), request.args.get("q", "").strip()[:100]
    found = queries.mails(
        db_session(), current_actor(), state=state, words=words, page=_page_asked()
    )
    return render_template(
        "administration/outbox.html",
        found=found,
        states=MAIL_STATE,
        state=state,
        words=words,
        args={"q": words or None, "stand": state.value if state else None},
    )


@bp.get("/postausgang/<key:mail_id>")
@requires(Permission.OUTBOX_MANAGE)
def mail(mail_id: int) -> ResponseReturnValue:
    """Show one mail, and why it failed."""
    found = queries.mail(db_session(), current_actor(), mail_id)
    return render_template(
        "administration/mail.html",
        mail=found,
        states=MAIL_STATE,
        can_retry=found.state is MailStatus.FAILED and found.body != WIPED,
        is_failed=found.state is MailStatus.FAILED,
        is_secret=is_secret(found.dedupe_key) and found.body != WIPED,
    )


@bp.post("/postausgang/<key:mail_id>/noch-einmal")
@requires(Permission.OUTBOX_MANAGE)
def retry_mail(mail_id: int) -> ResponseReturnValue:
    """Send a mail that was given up once more."""
    session, actor = db_session(), current_actor()
    found = queries.mail(session, actor, mail_id)
    try:
        with transaction(session):
            actions.retry_mail(session, found, actor=actor)
    except RuleViolationError as violation:
        flash(message(violation), "danger")
    else:
        flash("Die E-Mail geht in den nächsten Minuten noch einmal hinaus.", "success")
    return redirect(url_for("administration.mail", mail_id=mail_id))


@bp.get("/protokoll")
@requires(Permission.JOURNAL_READ)
def read_journal() -> ResponseReturnValue:
    """Show who did what when; a coordinator sees what happened in their districts."""
    session, actor, wrong = db_session(), current_actor(), list[str]()
    asked = JournalQuestion(
        words=request.args.get("q", "").strip()[:100],
        district_id=number(request.args.get("kreis")),
        event=_event(),
        first=_day("von", wrong),
        last=_day("bis", wrong),
    )
    found = queries.journal_entries(session, actor, asked, page=_page_asked())
    return render_template(
        "administration/journal.html",
        found=found,
        asked=asked,
        wrong=wrong,
        subjects=SUBJECTS,
        lines_of=lines_of,
        names=queries.subjects_of(session, found.rows),
        choices=[(one.id, one.name) for one in coordinated_districts(session, actor)],
        events=sorted(EVENTS.items(), key=lambda item: item[1].lower()),
        args={name: request.args.get(name) or None for name in ("q", "kreis", "was", "von", "bis")},
    )


def _page_asked() -> int:
    return number(request.args.get("seite")) or 1


def _state() -> MailStatus | None:
    given = request.args.get("stand", "")
    return MailStatus(given) if given in set(MailStatus) else None


def _event() -> JournalEvent | None:
    given = request.args.get("was", "")
    return JournalEvent(given) if given in set(JournalEvent) else None


def _day(name: str, wrong: list[str]) -> date | None:
    given = request.args.get(name, "").strip()
    if not given:
        return None
    try:
        return date.fromisoformat(given)
    except ValueError:
        wrong.append(given[:40])
        return None
