"""What reminders say: one mail per person, with every report that is still missing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from kursliste.domain.calendar import Month
from kursliste.domain.mail_text import Placeholder, filled
from kursliste.domain.permissions import Scope
from kursliste.domain.reminders import ReminderStep
from kursliste.reporting.mails import Mail
from kursliste.web.labels import shown
from kursliste.web.mail_words import SIGNATURE

Link = Callable[[int], str]
"""From the key of a report to the address of its page; the address holds no secret."""

OwnWords = Mapping[tuple[int | None, ReminderStep], str]
"""By district and step: what a district says in its own words."""

NOTHING_OWN: Final[OwnWords] = MappingProxyType({})


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


def reminder(letter: Letter, *, link: Link, own: OwnWords = NOTHING_OWN) -> Mail:
    """Return subject and body of a reminder; ``own`` are words that stand in place of ours.

    Reports under the same words share a section: one mail may concern several districts.
    """
    parts = ["Guten Tag,"]
    for step in SECTIONS:
        sections: dict[str, list[Item]] = {}
        for item in letter.items:
            if item.step is step:
                sections.setdefault(_words(item, own), []).append(item)
        for words, items in sections.items():
            parts += [words, *(_item(item, link) for item in items)]
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


def _words(item: Item, own: OwnWords) -> str:
    text = own.get((item.scope.district_id, item.step))
    if text is None:
        return SECTIONS[item.step]
    return filled(
        text,
        {
            Placeholder.MONTH: shown(item.month),
            Placeholder.DUE_ON: shown(item.due_on),
            Placeholder.PROVIDER: item.provider,
        },
    )


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
