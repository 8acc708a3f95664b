"""What the review sends to providers. Internal notes never stand in a mail."""

from kursliste.domain.course import FIELD
from kursliste.models.question import Question
from kursliste.models.report import Report
from kursliste.web.labels import shown


def question_asked(report: Report, question: Question, *, link: str) -> tuple[str, str]:
    """Return subject and body of the mail that tells a provider of a question."""
    district, month = report.district, shown(report.month)
    subject = f"Rückfrage zu Ihrer Meldung für {month} – {district.name}"
    intro = (
        f"zu Ihrer Kursmeldung für {month} ({district.name}, {report.provider.name}) "
        "gibt es eine Rückfrage:"
    )
    sender = question.asked_by.name if question.asked_by is not None else "die Koordination"
    body = "\n".join(
        [
            "Guten Tag,",
            "",
            intro,
            "",
            *_about(question),
            *(f"> {line}" for line in question.text.splitlines()),
            "",
            "Antworten Sie hier; dort können Sie auch den Kurs ändern:",
            link,
            "",
            f"Bis {shown(report.round.due_on)} eingereichte Meldungen kommen sicher in die Liste.",
            "",
            "Freundliche Grüße",
            sender,
            *([district.publisher] if district.publisher else []),
        ]
    )
    return subject, body + "\n"


def _about(question: Question) -> list[str]:
    course = question.reported_course
    if course is None:
        return []
    lines = [f"Kurs: {course.title}"]
    if question.attribute is not None:
        value = question.old_value or "keine Angabe"
        lines.append(f"Angabe: {FIELD[question.attribute].heading} (jetzt: {value})")
    return [*lines, ""]
