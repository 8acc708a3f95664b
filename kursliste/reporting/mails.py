"""What the reporting station writes to people: (subject, body) each, plain text."""

from collections.abc import Sequence

from kursliste.domain.course import FIELD, OWN_FIELDS, ConfirmedHow, CourseStatus
from kursliste.domain.edition import CodeWords
from kursliste.domain.permissions import Actor
from kursliste.infrastructure import clock
from kursliste.infrastructure.clock import BERLIN
from kursliste.models.correction import Correction
from kursliste.models.question import Question
from kursliste.models.report import Report, ReportedCourse
from kursliste.web import labels
from kursliste.web.mail_words import SIGNATURE, on_one_line

Mail = tuple[str, str]


def receipt(report: Report, words: CodeWords, *, link: str, actor: Actor) -> Mail:
    """Tell the provider that the report arrived: when, who sent it for them, and all values."""
    month = labels.shown(report.round.month)
    listed = [row for row in report.courses if row.status is not CourseStatus.ENDED]
    ended = [row for row in report.courses if row.status is CourseStatus.ENDED]
    parts = [
        "Guten Tag,",
        f"Ihre Meldung für {month} ist angekommen.",
        *_for_you(actor),
        "\n".join(
            (
                f"Träger: {report.provider.name}",
                f"Kursliste: {report.round.course_list.title}, {report.district.name}",
                f"Eingereicht am: {_instant()}",
                f"Kurse: {len(listed)}",
            )
        ),
        *(_course(number, row, words) for number, row in enumerate(listed, start=1)),
    ]
    if report.is_nil:
        parts.append("Sie haben gemeldet: derzeit keine Kurse.")
    if ended:
        parts.append("Beendet: " + ", ".join(row.title for row in ended))
    parts += [
        "Die Koordination prüft Ihre Meldung. Hat sie Fragen, schreibt sie Ihnen.",
        f"Ihre Meldung ansehen oder zurücknehmen: {link}",
        SIGNATURE,
    ]
    return f"Ihre Meldung für {month} ist angekommen", "\n\n".join(parts) + "\n"


def submitted_again(report: Report, answers: Sequence[Question], *, link: str) -> Mail:
    """Tell the coordinators that a report they asked about is back, with all answers at once."""
    month = labels.shown(report.round.month)
    name = report.provider.name
    parts = [
        "Guten Tag,",
        f"{name} hat die Meldung für {month} nach Ihrer Rückfrage wieder eingereicht.",
        f"Eingereicht am: {_instant()}",
        *(_answer(question) for question in answers),
        *([f"Meldung ansehen: {link}"] if link else []),
        SIGNATURE,
    ]
    return f"Wieder eingereicht: {name}, {month}", "\n\n".join(parts) + "\n"


def _answer(question: Question) -> str:
    row = question.reported_course
    about = [f"Kurs: {row.title}"] if row else []
    return "\n".join(
        (
            *about,
            f"Ihre Frage: {question.text}",
            f"Antwort: {question.answer}",
            *_value_before_and_now(question),
        )
    )


def _value_before_and_now(question: Question) -> list[str]:
    if question.attribute is None:
        return []
    old, new = question.old_value or labels.UNKNOWN, question.new_value or labels.UNKNOWN
    told = labels.moved(old, new) if old != new else f"{new} (unverändert)"
    return [f"{FIELD[question.attribute].heading}: {told}"]


def objected(correction: Correction, words: CodeWords, *, by: str, link: str) -> Mail:
    """Tell the coordinators that a provider objects to what they changed in its report."""
    report, name = correction.report, correction.attribute
    month = labels.shown(report.round.month)
    old, new = (
        words.word(name, value) or labels.shown(value) for value in (correction.old, correction.new)
    )
    intro = (
        f"{report.provider.name} ist in der Meldung für {month} mit einer Änderung nicht "
        "einverstanden."
    )
    parts = [
        "Guten Tag,",
        intro,
        "\n".join(
            (
                f"Kurs: {correction.reported_course.title}",
                f"Ihre Änderung: {FIELD[name].heading}: {labels.moved(old, new)}",
                f"{by} schreibt: {correction.objection}",
            )
        ),
        "Ihre Änderung gilt weiter, bis Sie etwas anderes eintragen.",
        f"Meldung ansehen: {link}",
        SIGNATURE,
    ]
    return f"Nicht einverstanden: {report.provider.name}, {month}", "\n\n".join(parts) + "\n"


def _for_you(actor: Actor) -> list[str]:
    word = actor.on_behalf
    if word is None:
        return []
    told = f"{labels.TOLD[word.how]} von {word.told_by} am {labels.shown(word.told_on)}"
    mend = "Stimmt etwas nicht? Nehmen Sie die Meldung zurück oder schreiben Sie der Koordination."
    return [f"{actor.name} hat sie für Sie eingetragen, nach Auskunft {told}.\n{mend}"]


def _instant() -> str:
    return f"{clock.now().astimezone(BERLIN):%d.%m.%Y, %H:%M} Uhr"


def _course(number: int, row: ReportedCourse, words: CodeWords) -> str:
    lines = [f"{number}. {row.title}"]
    for field in OWN_FIELDS:
        value = getattr(row, field.attribute)
        if field.attribute == "title" or value is None:
            continue
        told = words.word(field.attribute, value) or labels.shown(value)
        lines.append(f"   {field.heading}: {on_one_line(told)}")
    if row.confirmed_on is None:
        lines.append("   noch nicht bestätigt")
    else:
        word = labels.CONFIRMED[row.confirmed_how or ConfirmedHow.WEB]
        lines.append(f"   {word} am {labels.shown(row.confirmed_on)} von {row.confirmed_by}")
    return "\n".join(lines)


def to_all(people: Sequence[str], fallback: str) -> list[str]:
    """Return whom to write to: the people, or the one known address if there are none."""
    return list(people) or ([fallback] if fallback else [])
