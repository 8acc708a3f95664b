"""Which reader understands which column."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from kursliste.domain.calendar import Month
from kursliste.domain.course import FIELD
from kursliste.intake.tables import CodeTables
from kursliste.intake.values import (
    choices,
    contacts,
    dates,
    levels,
    places,
    remarks,
    seats,
    times,
)
from kursliste.intake.values.reading import (
    Reading,
    ask,
    found,
    is_formula,
    is_nothing,
    line,
    unread,
)

NOT_CONFIRMED: Final = "nicht bestätigt"


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What every reader may need: the tables, the month of the list, the towns of the file."""

    tables: CodeTables
    month: Month
    towns: Collection[str] = ()


Read = Callable[[object, Ground], Reading]


def read_text(attribute: str) -> Read:
    """Return a reader that takes text as it is."""

    def read(value: object, _ground: Ground) -> Reading:
        return Reading() if is_nothing(value) else found(**{attribute: text_of(value)})

    return read


def text_of(value: object) -> str:
    """Return a cell as text; a whole number without its decimal point, a day in German."""
    if isinstance(value, datetime | date):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return line(value)


def one_of(attribute: str) -> Read:
    """Return a reader for a column that holds one of the words of the field table."""

    def read(value: object, _ground: Ground) -> Reading:
        if is_nothing(value):
            return Reading()
        choices_known = FIELD[attribute].choices
        words = {str(word).casefold(): str(word) for word in choices_known or ()}
        text = line(value).casefold()
        if text not in words:
            return unread(attribute, value, "Dieses Wort ist hier nicht vorgesehen.")
        return found(**{attribute: words[text]})

    return read


def read_number(value: object, _ground: Ground) -> Reading:
    """Return nothing for a running number; anything else is the provider's number."""
    text = text_of(value)
    if is_nothing(value) or text.rstrip(".").isdigit():
        return Reading()
    return found(provider_reference=text)


def read_units(value: object, _ground: Ground) -> Reading:
    """Return the lessons of a course; clock hours are no lessons."""
    text = line(value)
    if "std" in text.casefold() or "zeitstunden" in text.casefold():
        return ask("units_total", value, "Das sind Zeitstunden und keine UE (45 Minuten).")
    first = text.replace("UE", " ").split("(")[0].strip().replace(".", "")
    return seats.read_count("units_total", int(first) if first.isdigit() else value)


def read_module(value: object, _ground: Ground) -> Reading:
    """Return the number of the running module: 6, M 6, Modul 6."""
    if is_nothing(value):
        return Reading()
    match = choices.MODULE.search(line(value))
    return seats.read_count("current_module", int(match[1]) if match else value)


def read_time_of_day(value: object, _ground: Ground) -> Reading:
    """Return the time of day of a column for it."""
    part = times.time_of_day(line(value))
    return found(time_of_day=part) if part else times.read_lessons(value, attribute="time_of_day")


def read_postcode_town(value: object, ground: Ground) -> Reading:
    """Return PLZ and town of one cell."""
    return places.read_address(value, ground.towns)


def read_town(value: object, ground: Ground) -> Reading:
    """Return a town; a column for it may also hold whole addresses, or „online“."""
    text = line(value)
    whole = any(letter.isdigit() for letter in text) or "online" in text.casefold()
    if whole and not begins_like_formula(value):
        return places.read_address(value, ground.towns)
    return read_text("town")(value, ground)


def read_provider_contact(value: object, _ground: Ground) -> Reading:
    """Return a provider and its contact from one cell, the provider first."""
    text = str(value).strip()
    lines = [part.strip() for part in text.split("\n" if "\n" in text else ",") if part.strip()]
    names = [part for part in lines if contacts.is_name_part(part)]
    count = next((at for at, part in enumerate(lines) if part not in names), len(lines)) or 1
    return found(provider=line(" ".join(lines[:count]))) + contacts.read_contact(
        "\n".join(lines[count:])
    )


def choice(attribute: str) -> Read:
    """Return a reader for ja, nein and a third answer."""
    return lambda value, _ground: choices.read_choice(attribute, value)


def childcare(value: object, _ground: Ground) -> Reading:
    """Return childcare; a play corner is asked about and stays without an answer."""
    reading = choices.read_choice("childcare", value)
    return reading if not reading.unread else reading + remarks.childcare_words(line(value))


def day(attribute: str) -> Read:
    """Return a reader for one day."""
    return lambda value, ground: dates.read_day(attribute, value, ground.month)


def read_confirmation(value: object, ground: Ground) -> Reading:
    """Return the day of a confirmation; our own files say in words that there was none."""
    if line(value).casefold() == NOT_CONFIRMED:
        return Reading()
    return dates.read_day("confirmed_on", value, ground.month)


def count(attribute: str) -> Read:
    """Return a reader for a whole number."""
    return lambda value, _ground: seats.read_count(attribute, value)


def one_level(attribute: str) -> Read:
    """Return a reader for one end of a range of levels."""
    return lambda value, ground: levels.read_one_level(attribute, value, ground.tables.levels)


def clock(attribute: str) -> Read:
    """Return a reader for one time."""
    return lambda value, _ground: times.read_clock(attribute, value)


READERS: Final[dict[str, Read]] = {
    "provider": read_text("provider"),
    "provider_contact": read_provider_contact,
    "row_number": read_number,
    "provider_reference": read_text("provider_reference"),
    "bamf_reference": read_text("bamf_reference"),
    "course_id": read_text("course_id"),
    "level": lambda value, ground: levels.read_level(value, ground.tables.levels),
    "level_from": one_level("level_from"),
    "level_to": one_level("level_to"),
    "current_module": read_module,
    "units_total": read_units,
    "units_per_week": count("units_per_week"),
    "starts_on": lambda value, ground: dates.read_period(value, ground.month),
    "period": lambda value, ground: dates.read_period(value, ground.month),
    "start_kind": one_of("start_kind"),
    "start_note": read_text("start_note"),
    "visibility": one_of("visibility"),
    "ends_on": day("ends_on"),
    "register_by": day("register_by"),
    "confirmed_on": read_confirmation,
    "breaks_note": read_text("breaks_note"),
    "weekdays": lambda value, _g: times.read_lessons(value, attribute="weekdays"),
    "times": lambda value, _g: times.read_lessons(value, attribute="time_from"),
    "weekdays_times": lambda value, _g: times.read_lessons(value),
    "time_from": clock("time_from"),
    "time_until": clock("time_until"),
    "times_note": read_text("times_note"),
    "time_of_day": read_time_of_day,
    "delivery": lambda value, _g: choices.read_delivery(value),
    "address": lambda value, ground: places.read_address(value, ground.towns),
    "postcode_town": read_postcode_town,
    "street": lambda value, _g: places.read_street(value),
    "postcode": lambda value, _g: places.read_postcode(value),
    "town": read_town,
    "venue_name": read_text("venue_name"),
    "wheelchair": choice("wheelchair"),
    "seats": lambda value, _g: seats.read_taken(value),
    "seats_taken": lambda value, _g: seats.read_taken(value),
    "seats_total": lambda value, ground: seats.read_total(value, ground.tables),
    "free_of_total": lambda value, ground: seats.read_free_of_total(value, ground.tables),
    "seats_min": count("seats_min"),
    "seats_free": lambda value, ground: seats.read_free(value, ground.tables),
    "waiting_list": choice("waiting_list"),
    "waiting_count": count("waiting_count"),
    "status": lambda value, ground: seats.read_status(value, ground.tables),
    "late_entry": lambda value, _g: choices.read_late_entry(value),
    "late_entry_from": read_text("late_entry_from"),
    "placement_test": choice("placement_test"),
    "admission": lambda value, _g: remarks.read_admission(value),
    "audience": lambda value, _g: remarks.read_audience(value),
    "self_payer": choice("self_payer"),
    "funder": read_text("funder"),
    "price": lambda value, _g: remarks.read_price(value),
    "price_eur": lambda value, _g: remarks.read_price(value),
    "price_note": read_text("price_note"),
    "childcare": childcare,
    "travel_costs": choice("travel_costs"),
    "exam": lambda value, ground: remarks.read_exam(value, ground.month),
    "exams": lambda value, ground: remarks.read_exam(value, ground.month),
    "exam_on": day("exam_on"),
    "contact": lambda value, _g: contacts.read_contact(value),
    "contact_name": read_text("contact_name"),
    "contact_phone": lambda value, _g: contacts.read_phone(value),
    "contact_email": lambda value, _g: contacts.read_mail(value),
    "link": lambda value, _g: contacts.read_link(value),
    "public_note": lambda value, ground: remarks.read_remark(value, ground.month),
    "internal_note": read_text("internal_note"),
    "office_hours": read_text("office_hours"),
}

TEXTS: Final = frozenset(
    ("provider", "title", "street", "town", "venue_name", "contact_name", "public_note")
)
MAIN: Final = {
    "period": "starts_on", "level": "level_to", "times": "time_from", "weekdays_times": "weekdays",
    "address": "street", "postcode_town": "town", "contact": "contact_name", "seats": "seats_taken",
    "free_of_total": "seats_free", "row_number": "provider_reference",
    "exam": "exams", "price": "price_eur", "next_entry": "late_entry",
    "provider_contact": "provider", "section_from": "starts_on", "section_until": "ends_on",
}  # fmt: skip


def main_attribute(field: str) -> str:
    """Return the attribute that a remark about a composite column is shown at."""
    return MAIN.get(field, field)


def begins_like_formula(value: object) -> bool:
    """Return whether a text that is taken over begins like a formula."""
    return is_formula(value) or (isinstance(value, str) and value.strip()[:1] in {"+", "-", "%"})
