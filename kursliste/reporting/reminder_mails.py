"""What reminders say: one mail per person, with every report that is still missing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from kursliste.domain.calendar import Month
from kursliste.domain.permissions import Scope
from kursliste.domain.reminders import ReminderStep
from kursliste.reporting.mails import SIGNATURE, Mail
from kursliste.web.labels import shown

Link = Callable[[int], str]
"""From the key of a report to the address of its page; the address holds no secret."""


@dataclass(frozen=True, kw_only=True)
class Item:
    """One report that a mail names, and the step that its reader has reached with it."""

    report_id: int
    scope: Scope
    step: ReminderStep
    month: Month
    due_on: date
    provider: str
    list_title: str
    district: str
    contact: str


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One mail to one person: ``news`` is why it goes now, ``items`` is all that is missing."""

    address: str
    items: tuple[Item, ...]
    news: tuple[Item, ...]


SUBJECTS: Final[Mapping[ReminderStep, str]] = MappingProxyType(
    {
        ReminderStep.OVERDUE: "Kursmeldung für {months} fehlt noch",
        ReminderStep.SECOND_CONTACT: "Kursmeldung für {months} fehlt noch: {provider}",
        ReminderStep.LAST_DAY: "Heute Meldeschluss: Kursmeldung für {months}",
        ReminderStep.FRIENDLY: "Erinnerung: Kursmeldung für {months} bis {due_on}",
        ReminderStep.OPENING: "Kursmeldung für {months} bis {due_on}",
        ReminderStep.QUESTION: "Rückfrage offen: Kursmeldung für {months}",
    }
)
"""The most urgent step comes first: the subject and the sections follow this order."""

SECTIONS: Final[Mapping[ReminderStep, str]] = MappingProxyType(
    {
        ReminderStep.OVERDUE: "Der Meldeschluss ist vorbei. Sie können noch nachreichen:",
        ReminderStep.SECOND_CONTACT: (
            "Von diesem Haus fehlt noch die Meldung. Geben Sie diese E-Mail an die Person weiter, "
            "die meldet:"
        ),
        ReminderStep.LAST_DAY: "Heute ist Meldeschluss. Es fehlt noch:",
        ReminderStep.FRIENDLY: "Noch nicht eingereicht:",
        ReminderStep.OPENING: "Bitte melden Sie Ihre Kurse:",
        ReminderStep.QUESTION: "Die Koordination wartet auf Ihre Antwort auf eine Rückfrage:",
    }
)


def reminder(letter: Letter, *, link: Link) -> Mail:
    """Return subject and body of a reminder."""
    parts = ["Guten Tag,"]
    for step, words in SECTIONS.items():
        of_step = [item for item in letter.items if item.step is step]
        if of_step:
            parts += [words, *(_item(item, link) for item in of_step)]
    parts.append(
        "Hat sich nichts geändert, genügt eine Bestätigung. "
        "Auch „derzeit keine Kurse“ ist eine Meldung."
    )
    parts.append("Haben Sie inzwischen eingereicht? Dann ist diese E-Mail erledigt.")
    contacts = dict.fromkeys((item.district, item.contact) for item in letter.items)
    asked = [f"{district}: {contact}" for district, contact in contacts if contact]
    if asked:
        parts.append("\n".join(["Fragen beantwortet:", *asked]))
    parts.append(SIGNATURE)
    return _subject(letter.news), "\n\n".join(parts) + "\n"


def _subject(news: Sequence[Item]) -> str:
    step = next(step for step in SUBJECTS if any(item.step is step for item in news))
    urgent = [item for item in news if item.step is step]
    months = sorted({item.month for item in urgent})
    return SUBJECTS[step].format(
        months=" und ".join(shown(month) for month in months),
        due_on=shown(min(item.due_on for item in urgent)),
        provider=", ".join(dict.fromkeys(item.provider for item in urgent)),
    )


def _item(item: Item, link: Link) -> str:
    return "\n".join(
        (
            item.provider,
            f"{item.list_title}, {item.district}",
            f"Monat: {shown(item.month)}, Meldeschluss: {shown(item.due_on)}",
            link(item.report_id),
        )
    )
