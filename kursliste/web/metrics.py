"""Figures for monitoring (Prometheus): asked of the database, so every server tells the same.

Whoever asks from this machine gets them, or who has the token of ``KURSLISTE_METRICS_TOKEN``; for
everybody else the address does not exist. Nothing in them names a person.
"""

import hmac
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from typing import Final

from flask import Blueprint, Response, abort, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kursliste.domain.report import ReportStatus
from kursliste.domain.round import RoundStatus
from kursliste.infrastructure import clock
from kursliste.models.current import CurrentCourse
from kursliste.models.edition import Edition
from kursliste.models.identity import UserSession
from kursliste.models.outbox import MailStatus, OutgoingMail
from kursliste.models.report import Report, Round
from kursliste.web.access import public
from kursliste.web.context import db_session, settings, shelf

bp: Final = Blueprint("metrics", __name__)
HERE: Final = frozenset({"127.0.0.1", "::1"})


@bp.get("/metrics")
@public
def metrics() -> Response:
    """Tell monitoring how the instance does."""
    if not _may_ask():
        abort(404)
    registry = CollectorRegistry()
    registry.register(_Figures(db_session()))
    response = Response(generate_latest(registry))
    response.headers["Content-Type"] = CONTENT_TYPE_LATEST
    response.headers["Cache-Control"] = "no-store"
    return response


def _may_ask() -> bool:
    token = settings().metrics_token
    given = request.headers.get("Authorization", "")
    if token and hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
        return True
    return request.remote_addr in HERE and not request.headers.get("X-Forwarded-For")


class _Figures(Collector):
    """The figures of one moment."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def describe(self) -> Iterable[Metric]:
        """Name nothing before it is asked: that would ask the database."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """Ask for everything in three statements."""
        info = InfoMetricFamily("kursliste_build", "Version of the software")
        info.add_metric([], {"version": version("kursliste")})
        yield info
        yield _gauge(
            "kursliste_shelf_writable", "Whether files can be published", shelf().is_writable()
        )
        yield from self._mails()
        yield from self._reports()
        yield from self._others()

    def _mails(self) -> Iterator[Metric]:
        mails = GaugeMetricFamily("kursliste_mails", "Mails by state", labels=["state"])
        counted = select(OutgoingMail.state, func.count(), func.min(OutgoingMail.due_at))
        query = counted.group_by(OutgoingMail.state).order_by(OutgoingMail.state)
        counts = {state: (count, due) for state, count, due in self._session.execute(query)}
        for state in MailStatus:
            mails.add_metric([state.value], counts.get(state, (0, None))[0])
        yield mails
        oldest = counts.get(MailStatus.QUEUED, (0, None))[1]
        waiting = max(0.0, (clock.now() - oldest).total_seconds()) if oldest else 0.0
        yield _gauge("kursliste_oldest_mail_seconds", "How long the oldest due mail waits", waiting)

    def _reports(self) -> Iterator[Metric]:
        reports = GaugeMetricFamily(
            "kursliste_reports", "Reports of open rounds by status", labels=["status"]
        )
        query = (
            select(Report.status, func.count())
            .join(Round, Round.id == Report.round_id)
            .where(Round.status == RoundStatus.OPEN)
            .group_by(Report.status)
            .order_by(Report.status)
        )
        counts = dict(self._session.execute(query).all())
        for status in ReportStatus:
            reports.add_metric([status.value], counts.get(status, 0))
        yield reports

    def _others(self) -> Iterator[Metric]:
        published = select(func.max(Edition.published_at)).scalar_subquery()
        courses = select(func.count()).select_from(CurrentCourse).scalar_subquery()
        sessions = (
            select(func.count())
            .select_from(UserSession)
            .where(UserSession.ends_at > clock.now())
            .scalar_subquery()
        )
        query = select(
            courses,
            sessions,
            select(func.count()).select_from(Edition).scalar_subquery(),
            published,
        )
        current, signed_in, editions, newest = self._session.execute(query).one()
        yield _gauge("kursliste_current_courses", "Rows of current editions", current)
        yield _gauge("kursliste_sessions", "Signed-in browsers", signed_in)
        yield _gauge("kursliste_editions", "Published editions", editions)
        yield _gauge(
            "kursliste_newest_edition_timestamp_seconds",
            "When the newest edition was published",
            newest.timestamp() if newest else 0,
        )


def _gauge(name: str, words: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, words, value=float(value))
