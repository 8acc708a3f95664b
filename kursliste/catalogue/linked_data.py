"""The list as search engines read it: schema.org as JSON-LD, of public facts only.

No remote context: whoever reads it needs nothing but the page.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from kursliste.catalogue.course_page import CoursePage
from kursliste.catalogue.list_page import ListPage
from kursliste.catalogue.listing import Line
from kursliste.domain.course import CourseStatus, Delivery, Weekday
from kursliste.web.course_words import Facts, level_words
from kursliste.web.links import absolute

Data = dict[str, Any]  # what json.dumps takes

CONTEXT: Final = {"@vocab": "https://schema.org/"}
DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DAY_OF: Final[Mapping[str, str]] = dict(
    zip(Weekday, (f"https://schema.org/{day}" for day in DAYS), strict=True)
)
MODES: Final[Mapping[str | None, str]] = {
    Delivery.ON_SITE: "onsite",
    Delivery.ONLINE: "online",
    Delivery.HYBRID: "blended",
    Delivery.SELF_STUDY: "online",
}


def canonical(page: ListPage) -> str:
    """Return the one address under which search engines shall know what a page shows.

    A filtered list is the list, and a replaced edition the one that replaced it.
    """
    if page.is_current:
        return absolute("catalogue.current", district=page.district.slug)
    number = page.replaced_by[0] if page.replaced_by else page.edition.number
    return absolute(
        "catalogue.edition",
        district=page.district.slug,
        month=page.edition.month,
        number=number,
    )


def structured_data(page: ListPage) -> Data:
    """Return the courses of a current list as an ItemList of addresses.

    What a course is stands on its own page: told here too, a hundred courses weighed more than
    the list that people read.
    """
    here = canonical(page)
    courses = [line.entry.course_id for line in _lines(page)]
    return {
        "@context": CONTEXT,
        "@type": "ItemList",
        "@id": here,
        "name": page.edition.list_title,
        "numberOfItems": len(courses),
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": position,
                "url": absolute("catalogue.course", course_id=course_id),
            }
            for position, course_id in enumerate(courses, start=1)
        ],
    }


def _lines(page: ListPage) -> Iterator[Line]:
    for group in page.groups:
        for part in group.parts:
            yield from part.lines


def structured_course(page: CoursePage) -> Data:
    """Return one current course."""
    return {"@context": CONTEXT} | _course(page.card.entry, page.head.words["niveau"])


def _course(entry: Facts, levels: Mapping[str, str]) -> Data:
    here = absolute("catalogue.course", course_id=entry.course_id)
    return _told(
        {
            "@type": "Course",
            "@id": here,
            "url": here,
            "name": entry.title,
            "description": _description(entry, levels),
            "courseCode": entry.provider_reference,
            "inLanguage": "de",
            "educationalLevel": level_words(entry, levels),
            "provider": {"@type": "Organization", "name": entry.provider},
            "hasCourseInstance": _instance(entry),
            "offers": _offer(entry),
        }
    )


def _description(entry: Facts, levels: Mapping[str, str]) -> str:
    level = level_words(entry, levels)
    told = (entry.course_type_label, f"Niveau {level}" if level else "", entry.public_note)
    return ". ".join(filter(None, told))


def _instance(entry: Facts) -> Data:
    is_cancelled = entry.status is CourseStatus.CANCELLED
    return _told(
        {
            "@type": "CourseInstance",
            "courseMode": MODES.get(entry.delivery),
            "startDate": entry.starts_on and entry.starts_on.isoformat(),
            "endDate": entry.ends_on and entry.ends_on.isoformat(),
            "location": _place(entry),
            "courseSchedule": _schedule(entry),
            "maximumAttendeeCapacity": entry.seats_total,
            "remainingAttendeeCapacity": entry.seats_free,
            "eventStatus": "https://schema.org/EventCancelled" if is_cancelled else None,
        }
    )


def _place(entry: Facts) -> Data | None:
    address = _told(
        {
            "@type": "PostalAddress",
            "streetAddress": entry.street,
            "postalCode": entry.postcode,
            "addressLocality": entry.town,
            "addressCountry": "DE",
        }
    )
    if not entry.town:
        return None
    return _told({"@type": "Place", "name": entry.venue_name, "address": address})


def _schedule(entry: Facts) -> Data | None:
    if not entry.weekdays:
        return None
    return _told(
        {
            "@type": "Schedule",
            "repeatFrequency": "P1W",
            "byDay": [DAY_OF[day] for day in entry.weekdays],
            "startDate": entry.starts_on and entry.starts_on.isoformat(),
            "endDate": entry.ends_on and entry.ends_on.isoformat(),
            "startTime": entry.time_from and f"{entry.time_from:%H:%M}",
            "endTime": entry.time_until and f"{entry.time_until:%H:%M}",
            "scheduleTimezone": "Europe/Berlin",
        }
    )


def _offer(entry: Facts) -> Data | None:
    """Return what the course costs; an unknown price is no offer."""
    if entry.price_eur is None:
        return None
    return _told(
        {
            "@type": "Offer",
            "price": str(entry.price_eur),
            "priceCurrency": "EUR",
            "category": "Paid" if entry.price_eur else "Free",
            "availability": "https://schema.org/SoldOut" if entry.seats_free == 0 else None,
            "validThrough": entry.register_by and entry.register_by.isoformat(),
        }
    )


def _told(facts: Data) -> Data:
    """Leave out what is unknown; 0 is known."""
    return {name: value for name, value in facts.items() if value not in (None, "", [], {})}
