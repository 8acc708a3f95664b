"""Figures for monitoring, in the text that Prometheus reads: three statements for all of them.

They are asked of the database, so every server tells the same. Nothing in them names a person.
"""

from collections.abc import Iterable, Iterator
from importlib.metadata import version

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kursliste.domain.report import ReportStatus
from kursliste.domain.round import RoundStatus
from kursliste.infrastructure import clock
from kursliste.infrastructure.shelf import Shelf
from kursliste.models.current import CurrentCourse
from kursliste.models.edition import Edition
from kursliste.models.identity import UserSession
from kursliste.models.outbox import MailStatus, OutgoingMail
from kursliste.models.report import Report, Round


def figures(session: Session, shelf: Shelf) -> bytes:
    """Return how the instance does at this moment."""
    registry = CollectorRegistry()
    registry.register(_Figures(session, shelf))
    return generate_latest(registry)


class _Figures(Collector):
    """The figures of one moment."""

    def __init__(self, session: Session, shelf: Shelf) -> None:
        self._session, self._shelf = session, shelf

    def describe(self) -> Iterable[Metric]:
        """Name nothing before it is asked: that would ask the database."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """Ask for everything in three statements."""
        info = InfoMetricFamily("kursliste_build", "Version of the software")
        info.add_metric([], {"version": version("kursliste")})
        yield info
        yield _gauge(
            "kursliste_shelf_writable", "Whether files can be published", self._shelf.is_writable()
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
