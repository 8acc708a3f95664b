"""How templates write values; see ``labels.shown`` for the plain ones."""

from datetime import datetime

from flask import Flask

from kursliste.domain.course import FIELD
from kursliste.infrastructure import clock
from kursliste.infrastructure.clock import BERLIN
from kursliste.web import edition_words, hint_words, labels, layout_words, links, notice_words
from kursliste.web.codes import shown_fact
from kursliste.web.event_words import EVENTS
from kursliste.web.languages import gettext as _


def instant(value: datetime | None) -> str:
    """Return a point in time as clocks in Germany show it: 24.11.2026, 17:05 Uhr."""
    if value is None:
        return ""
    there = value.astimezone(BERLIN)
    day, time = f"{there:%d.%m.%Y}", f"{there:%H:%M}"
    return _("%(day)s, %(time)s Uhr", day=day, time=time)


def local_day(value: datetime) -> str:
    """Return the day of a point in time on a calendar in Germany: 24.11.2026."""
    return labels.shown(clock.day_of(value))


def heading(attribute: str) -> str:
    """Return the heading of a course's field."""
    return FIELD[attribute].heading


def phone_link(number: str) -> str:
    """Return the digits of a telephone number for a ``tel:`` link."""
    return "".join(sign for sign in number if sign.isdigit() or sign == "+")


def init_app(app: Flask) -> None:
    """Make the filters and the tables of words known to all templates."""
    app.jinja_env.filters |= {
        "shown": labels.shown,
        "with_weekday": labels.with_weekday,
        "instant": instant,
        "local_day": local_day,
        "fact": lambda value, attribute: shown_fact(attribute, value),
        "heading": heading,
        "phone_link": phone_link,
        "notice": notice_words.notice,
        "column_heading": layout_words.heading_of,
        "gap_words": layout_words.gap_words,
    }
    app.jinja_env.globals |= {
        "labels": labels,
        "event_words": EVENTS,
        "HINT_REASON": hint_words.HINT_REASON,
        "edition_words": edition_words,
        "absolute": links.absolute,
    }
