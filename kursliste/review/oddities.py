"""What looks odd in the rows of a round: asked once for all rows that a page shows."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy.orm import Session

from kursliste.domain.plausibility import Finding, findings
from kursliste.infrastructure import clock
from kursliste.infrastructure.codes import Codes
from kursliste.models.report import ReportedCourse, Round


def oddities(
    session: Session, asked: Round, rows: Iterable[ReportedCourse], codes: Codes
) -> Mapping[int, Sequence[Finding]]:
    """Return what looks odd in each row of a round, by the key of the row."""
    del session, asked
    today = clock.today()
    return {
        row.id: findings(row.facts(), on=today, usual=codes.usual(row.course_type)) for row in rows
    }
