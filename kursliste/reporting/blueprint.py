"""The provider's pages; each group of pages is a module of its own."""

from flask import Blueprint, g, request

from kursliste.domain.errors import NotFoundError
from kursliste.domain.permissions import Role
from kursliste.models.report import Report
from kursliste.reporting import queries
from kursliste.web.context import current_actor, db_session
from kursliste.web.links import absolute

bp = Blueprint("reporting", __name__, url_prefix="/meldungen")


@bp.before_request
def bring_word() -> None:
    """Let a coordinator who took a provider's word for this report in; see ADR 0013.

    To a coordinator without it, the provider's pages do not exist.
    """
    actor, report_id = current_actor(), (request.view_args or {}).get("report_id")
    if report_id is None or not (actor.has_role(Role.COORDINATOR) or actor.is_administrator):
        return
    g.actor = queries.with_word(db_session(), actor, report_id)
    if g.actor.on_behalf is None and not actor.provider_ids:
        raise NotFoundError(f"report {report_id}")


def review_link(found: Report) -> str:
    """Return where the coordinator reads the report; named by endpoint, not imported."""
    return absolute(
        "review.report",
        district=found.district.slug,
        month=found.round.month,
        report_id=found.id,
    )
