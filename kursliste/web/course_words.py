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

Facts = Any  # an entry of an edition, or a row of a file with the same attributes

BEGINNERS: Final = "ohne"
CHILDCARE_WORDS: Final = {
    Childcare.YES: "Kinderbetreuung",
    Childcare.ON_REQUEST: "Kinderbetreuung auf Anfrage",
}
WHEELCHAIR_WORDS: Final = {
    Wheelchair.YES: "barrierefrei",
    Wheelchair.PARTLY: "teilweise barrierefrei",
}
ENTRY_WORDS: Final = {
    LateEntry.YES: "Quereinstieg möglich",
    LateEntry.ON_CONSULTATION: "Quereinstieg nach Rücksprache",
}
TEST_WORDS: Final = {
    PlacementTest.NEEDED: "Einstufungstest nötig",
    PlacementTest.BY_APPOINTMENT: "Einstufungstest nach Vereinbarung",
}
TRAVEL_WORDS: Final = {
    TravelCosts.YES: "Fahrtkosten werden erstattet",
    TravelCosts.ON_APPLICATION: "Fahrtkosten auf Antrag",
}


def told(*texts: str | None) -> list[str]:
    """Return the texts that say something."""
    return [text for text in texts if text]


def exam_words(facts: Facts) -> str:
    if not facts.exams and not facts.exam_on:
        return ""
    day = f"am {shown(facts.exam_on)}" if facts.exam_on else ""
    return " ".join(told("Prüfung:", ", ".join(facts.exams or ()), day))


def stand_words(facts: Facts) -> str:
    if facts.is_confirmed:
        return f"bestätigt am {shown(facts.confirmed_on)}"
    since = shown(facts.confirmed_on)
    return f"nicht bestätigt seit {since}" if since else "nicht bestätigt"


def level_words(facts: Facts, labels: Mapping[str, str]) -> str:
    """The codes are the words of the trade (A1, Alpha); from nothing to A1 is "bis A1"."""
    begin, goal = facts.level_from, facts.level_to
    if begin == BEGINNERS and goal not in {None, BEGINNERS}:
        return f"bis {goal}"
    codes = dict.fromkeys(code for code in (begin, goal) if code)
    return " – ".join(labels.get(code, code) if code == BEGINNERS else code for code in codes)


def start_words(facts: Facts) -> str:
    expected = "voraussichtlich " if facts.start_kind is StartKind.EXPECTED else ""
    if facts.starts_on and facts.starts_on == facts.ends_on:
        return f"{expected}am {shown(facts.starts_on)}"
    if facts.starts_on and facts.ends_on:
        return f"{expected}{shown(facts.starts_on)} – {shown(facts.ends_on)}"
    if facts.starts_on:
        return f"{expected}ab {shown(facts.starts_on)}"
    return f"bis {shown(facts.ends_on)}" if facts.ends_on else ""


def start_notes(facts: Facts) -> list[str]:
    told_already = {StartKind.FIXED, None}
    if facts.starts_on:
        told_already.add(StartKind.EXPECTED)
    return told(
        None if facts.start_kind in told_already else str(facts.start_kind),
        facts.start_note,
        f"Pausen: {facts.breaks_note}" if facts.breaks_note else "",
    )


def hours_words(facts: Facts) -> str:
    if facts.time_from and facts.time_until:
        return f"{shown(facts.time_from)} – {shown(facts.time_until)} Uhr"
    if facts.time_from:
        return f"ab {shown(facts.time_from)} Uhr"
    return f"bis {shown(facts.time_until)} Uhr" if facts.time_until else ""


def unit_words(facts: Facts) -> list[str]:
    return told(
        f"{facts.units_total} UE" if facts.units_total else "",
        f"{facts.units_per_week} je Woche" if facts.units_per_week else "",
        f"Modul {facts.current_module}" if facts.current_module else "",
    )


def place_words(facts: Facts) -> list[str]:
    delivery = {Delivery.ONLINE: "online", Delivery.SELF_STUDY: "Selbstlernen"}
    return told(
        " ".join(told(facts.postcode, facts.town)),
        facts.street,
        facts.venue_name,
        delivery.get(facts.delivery, "") if facts.delivery else "",
        "hybrid (vor Ort und online)" if facts.delivery is Delivery.HYBRID else "",
    )


def seats_words(facts: Facts) -> str:
    """Unknown is a value: it is said as such and never as 0 (PRODUCT.md, rule 3)."""
    if facts.seats_free is None:
        return "auf Anfrage"
    return f"{facts.seats_free} frei" if facts.seats_free else "ausgebucht"


def seats_notes(facts: Facts) -> list[str]:
    total = ""
    if facts.seats_total:
        total = f"{'von ' if facts.seats_free else ''}{facts.seats_total}"
        total += "" if facts.seats_free else " Plätze"
    return told(
        total,
        "Warteliste möglich" if facts.waiting_list is YesNo.YES else "",
        f"startet ab {facts.seats_min} Anmeldungen" if facts.seats_min else "",
    )


def status_notes(facts: Facts) -> list[str]:
    entry_words = ENTRY_WORDS.get(facts.late_entry, "") if facts.late_entry else ""
    if facts.status is CourseStatus.RUNNING_ENTRY and facts.late_entry is LateEntry.YES:
        entry_words = ""  # the status says so already
    if facts.status is CourseStatus.RUNNING and facts.late_entry is LateEntry.YES:
        entry_words = "Quereinstieg, wenn ein Platz frei wird"  # the status says: not now
    return told(
        entry_words,
        f"Einstieg ab {facts.late_entry_from}" if facts.late_entry_from else "",
        f"Anmeldung bis {shown(facts.register_by)}" if facts.register_by else "",
        TEST_WORDS.get(facts.placement_test, "") if facts.placement_test else "",
    )


def feature_words(facts: Facts) -> list[str]:
    audience = [word for word in facts.audience or () if word != "alle"]
    return told(
        f"für {', '.join(audience)}" if audience else "",
        CHILDCARE_WORDS.get(facts.childcare, "") if facts.childcare else "",
        WHEELCHAIR_WORDS.get(facts.wheelchair, "") if facts.wheelchair else "",
        price_words(facts),
        facts.price_note,
        "Selbstzahler möglich" if facts.self_payer is YesNo.YES else "",
        f"Förderung: {facts.funder}" if facts.funder else "",
        TRAVEL_WORDS.get(facts.travel_costs, "") if facts.travel_costs else "",
    )


def price_words(facts: Facts) -> str:
    if facts.price_eur is None:
        return ""
    return f"{facts.price_eur:.2f}\u00a0€".replace(".", ",") if facts.price_eur else "kostenlos"
