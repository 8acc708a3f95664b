"""A course in words as a reader reads them: one wording for the page and for printed files.

Every function takes "facts": an entry of an edition, or anything else that has the attributes of
a course. What is unknown gives an empty text or list and is not shown.
"""

from collections.abc import Mapping
from typing import Any, Final

from kursliste.domain.course import (
    Childcare,
    CourseStatus,
    Delivery,
    LateEntry,
    PlacementTest,
    StartKind,
    TravelCosts,
    Wheelchair,
    YesNo,
)
from kursliste.web.labels import shown
from kursliste.web.languages import N_, fact_word
from kursliste.web.languages import gettext as _

Facts = Any  # an entry of an edition, or a row of a file with the same attributes

BEGINNERS: Final = "ohne"
CHILDCARE_WORDS: Final = {
    Childcare.YES: N_("Kinderbetreuung"),
    Childcare.ON_REQUEST: N_("Kinderbetreuung auf Anfrage"),
}
WHEELCHAIR_WORDS: Final = {
    Wheelchair.YES: N_("barrierefrei"),
    Wheelchair.PARTLY: N_("teilweise barrierefrei"),
}
ENTRY_WORDS: Final = {
    LateEntry.YES: N_("Quereinstieg möglich"),
    LateEntry.ON_CONSULTATION: N_("Quereinstieg nach Rücksprache"),
}
TEST_WORDS: Final = {
    PlacementTest.NEEDED: N_("Einstufungstest nötig"),
    PlacementTest.BY_APPOINTMENT: N_("Einstufungstest nach Vereinbarung"),
}
TRAVEL_WORDS: Final = {
    TravelCosts.YES: N_("Fahrtkosten werden erstattet"),
    TravelCosts.ON_APPLICATION: N_("Fahrtkosten auf Antrag"),
}


def told(*texts: str | None) -> list[str]:
    """Return the texts that say something."""
    return [text for text in texts if text]


def word(table: Mapping[Any, str], value: object) -> str:
    """Return the word for a value in the language of the page; empty where there is none."""
    text = table.get(value)
    return _(text) if text else ""


def exam_words(facts: Facts) -> str:
    if not facts.exams and not facts.exam_on:
        return ""
    exams = ", ".join(facts.exams or ())
    if not facts.exam_on:
        return _("Prüfung: %(exams)s", exams=exams)
    day = _("am %(day)s", day=shown(facts.exam_on))
    return _("Prüfung: %(exams)s", exams=" ".join(told(exams, day)))


def stand_words(facts: Facts) -> str:
    if facts.is_confirmed:
        return _("bestätigt am %(day)s", day=shown(facts.confirmed_on))
    since = shown(facts.confirmed_on)
    return _("nicht bestätigt seit %(day)s", day=since) if since else _("nicht bestätigt")


def level_words(facts: Facts, labels: Mapping[str, str]) -> str:
    """The codes are the words of the trade (A1, Alpha); from nothing to A1 is "bis A1"."""
    begin, goal = facts.level_from, facts.level_to
    if begin == BEGINNERS and goal not in {None, BEGINNERS}:
        return _("bis %(level)s", level=goal)
    codes = dict.fromkeys(code for code in (begin, goal) if code)
    return " – ".join(
        fact_word("level", code, labels.get(code, code)) if code == BEGINNERS else code
        for code in codes
    )


def start_words(facts: Facts) -> str:
    is_expected = facts.start_kind is StartKind.EXPECTED
    begin, end = shown(facts.starts_on), shown(facts.ends_on)
    if begin and begin == end:
        text = _("voraussichtlich am %(day)s", day=begin) if is_expected else ""
        return text or _("am %(day)s", day=begin)
    if begin and end:
        if is_expected:
            return _("voraussichtlich %(begin)s – %(end)s", begin=begin, end=end)
        return f"{begin} – {end}"
    if begin:
        text = _("voraussichtlich ab %(day)s", day=begin) if is_expected else ""
        return text or _("ab %(day)s", day=begin)
    return _("bis %(day)s", day=end) if end else ""


def start_notes(facts: Facts) -> list[str]:
    told_already = {StartKind.FIXED, None}
    if facts.starts_on:
        told_already.add(StartKind.EXPECTED)
    kind = facts.start_kind
    return told(
        None if kind in told_already else fact_word("start_kind", kind),
        facts.start_note,
        _("Pausen: %(breaks)s", breaks=facts.breaks_note) if facts.breaks_note else "",
    )


def day_words(facts: Facts) -> str:
    return ", ".join(fact_word("weekdays", day) for day in facts.weekdays or ())


def hours_words(facts: Facts) -> str:
    begin, end = shown(facts.time_from), shown(facts.time_until)
    if begin and end:
        return _("%(begin)s – %(end)s Uhr", begin=begin, end=end)
    if begin:
        return _("ab %(time)s Uhr", time=begin)
    return _("bis %(time)s Uhr", time=end) if end else ""


def time_notes(facts: Facts) -> list[str]:
    part = fact_word("time_of_day", facts.time_of_day) if facts.time_of_day else ""
    return told(part, facts.times_note)


def unit_words(facts: Facts) -> list[str]:
    return told(
        _("%(units)s UE", units=facts.units_total) if facts.units_total else "",
        _("%(units)s je Woche", units=facts.units_per_week) if facts.units_per_week else "",
        _("Modul %(module)s", module=facts.current_module) if facts.current_module else "",
    )


def place_words(facts: Facts) -> list[str]:
    return told(
        " ".join(told(facts.postcode, facts.town)),
        facts.street,
        facts.venue_name,
        delivery_words(facts),
    )


def delivery_words(facts: Facts) -> str:
    """Return how it is taught where that is not on the spot."""
    words = {
        Delivery.ONLINE: N_("online"),
        Delivery.SELF_STUDY: N_("Selbstlernen"),
        Delivery.HYBRID: N_("hybrid (vor Ort und online)"),
    }
    return word(words, facts.delivery)


def seats_words(facts: Facts) -> str:
    """Unknown is a value: it is said as such and never as 0 (PRODUCT.md, rule 3)."""
    if facts.seats_free is None:
        return _("auf Anfrage")
    return _("%(seats)s frei", seats=facts.seats_free) if facts.seats_free else _("ausgebucht")


def seats_notes(facts: Facts) -> list[str]:
    total = ""
    if facts.seats_total and facts.seats_free:
        total = _("von %(seats)s", seats=facts.seats_total)
    elif facts.seats_total:
        total = _("%(seats)s Plätze", seats=facts.seats_total)
    enough = _("startet ab %(seats)s Anmeldungen", seats=facts.seats_min)
    return told(
        total,
        _("Warteliste möglich") if facts.waiting_list is YesNo.YES else "",
        enough if facts.seats_min else "",
    )


def status_notes(facts: Facts) -> list[str]:
    entry_words = word(ENTRY_WORDS, facts.late_entry)
    if facts.status is CourseStatus.RUNNING_ENTRY and facts.late_entry is LateEntry.YES:
        entry_words = ""  # the status says so already
    if facts.status is CourseStatus.RUNNING and facts.late_entry is LateEntry.YES:
        entry_words = _("Quereinstieg, wenn ein Platz frei wird")  # the status says: not now
    entry_from = facts.late_entry_from
    return told(
        entry_words,
        _("Einstieg ab %(when)s", when=entry_from) if entry_from else "",
        _("Anmeldung bis %(day)s", day=shown(facts.register_by)) if facts.register_by else "",
        word(TEST_WORDS, facts.placement_test),
    )


def admission_words(facts: Facts) -> list[str]:
    return [fact_word("admission", word) for word in facts.admission or ()]


def audience_words(facts: Facts) -> str:
    audience = [fact_word("audience", w) for w in facts.audience or () if w != "alle"]
    return _("für %(audience)s", audience=", ".join(audience)) if audience else ""


def feature_words(facts: Facts) -> list[str]:
    return told(
        audience_words(facts),
        word(CHILDCARE_WORDS, facts.childcare),
        word(WHEELCHAIR_WORDS, facts.wheelchair),
        price_words(facts),
        facts.price_note,
        _("Selbstzahler möglich") if facts.self_payer is YesNo.YES else "",
        _("Förderung: %(funder)s", funder=facts.funder) if facts.funder else "",
        word(TRAVEL_WORDS, facts.travel_costs),
    )


def price_words(facts: Facts) -> str:
    if facts.price_eur is None:
        return ""
    amount = f"{facts.price_eur:.2f}\u00a0€".replace(".", ",")
    return amount if facts.price_eur else _("kostenlos")
