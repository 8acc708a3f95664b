"""The fast path: reports with only small changes, approved from a list, and taken back together."""

from typing import Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from kursliste.domain.calendar import Month
from kursliste.domain.fast_path import LookReason
from kursliste.domain.permissions import Actor, Permission
from kursliste.domain.report import ReportStatus
from kursliste.infrastructure.database import transaction
from kursliste.masterdata.queries import coordinated_district, list_of, round_of
from kursliste.models.report import Round
from kursliste.review import fast_actions, queries
from kursliste.review.blueprint import bp
from kursliste.review.fast_actions import Together
from kursliste.review.fast_path import fast_reports
from kursliste.review.forms import SeenForm, keyed
from kursliste.web.access import requires
from kursliste.web.context import current_actor, db_session

LONGEST_FLASH: Final = 10
"""Names in one message; it travels in a cookie."""


@bp.route("/pruefung/<slug:district>/<month:month>/schnell", methods=["GET", "POST"])
@requires(Permission.REPORT_REVIEW)
def fast(district: str, month: Month) -> ResponseReturnValue:
    """List the reports with only small changes, then approve those that stay ticked."""
    session, actor = db_session(), current_actor()
    asked = _round(session, actor, district, month)
    form = SeenForm(request.form)
    if request.method == "GET" or not form.seen:
        page = render_template(
            "review/fast.html",
            round=asked,
            found=fast_reports(session, actor, asked),
            is_empty=request.method == "POST",
            back=url_for("review.board", district=district, monat=month),
        )
        return page, 422 if request.method == "POST" else 200
    with transaction(session):
        together = fast_actions.approve_together(session, asked, actor=actor, seen=form.seen)
    done = "-".join(f"{report.id}.{report.version}" for report in together.done) or None
    left = "-".join(f"{report.id}.{reason}" for report, reason in together.left) or None
    following = queries.next_waiting(session, actor, asked)
    if following is None:
        return redirect(
            url_for(
                "review.board",
                district=district,
                monat=month,
                freigegeben=done,
                geblieben=left,
            )
        )
    return redirect(
        url_for(
            "review.report",
            district=district,
            month=month,
            report_id=following,
            freigegeben=done,
            geblieben=left,
        )
    )


@bp.post("/pruefung/<slug:district>/<month:month>/schnell/rueckgaengig")
@requires(Permission.REPORT_REVIEW)
def undo_fast(district: str, month: Month) -> ResponseReturnValue:
    """Take back what was approved together a moment ago."""
    session, actor = db_session(), current_actor()
    asked = _round(session, actor, district, month)
    seen = SeenForm(request.form).seen
    with transaction(session):
        together = fast_actions.reopen_together(session, asked, actor=actor, seen=seen)
    count = len(together.done)
    flash(
        "1 Meldung wartet wieder auf Sie." if count == 1 else f"{count} Meldungen warten wieder.",
        "success" if count else "info",
    )
    if together.left:
        names = ", ".join(report.provider.name for report, _ in together.left[:LONGEST_FLASH])
        flash(f"Nicht wieder geöffnet, weil sich inzwischen etwas geändert hat: {names}", "warning")
    return redirect(url_for("review.board", district=district, monat=month))


def together_told(session: Session, actor: Actor, asked: Round) -> Together | None:
    """Return what the address tells of reports that were approved together a moment ago."""
    done = SeenForm.read(request.args.get("freigegeben", "").split("-"))
    left: dict[int, LookReason] = {}
    for key, reason in keyed(request.args.get("geblieben", "").split("-")):
        if reason in set(LookReason):
            left[key] = LookReason(reason)
    if not done and not left:
        return None
    named = queries.reports_named(session, actor, asked, {*done, *left})
    return Together(
        done=[
            report
            for report in named
            if report.status is ReportStatus.APPROVED and done.get(report.id) == report.version
        ],
        left=[(report, left[report.id]) for report in named if report.id in left],
    )


def _round(session: Session, actor: Actor, district: str, month: Month) -> Round:
    found = coordinated_district(session, actor, district)
    return round_of(session, list_of(session, found), month)
