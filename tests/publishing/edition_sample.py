"""Plain editions for the tests of the files: one of every kind of row, and one to look at."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from kursliste.domain.calendar import Month
from kursliste.domain.edition import (
    Change,
    ChangeKind,
    CodeWords,
    EditionHead,
    FieldChange,
    Row,
)
from kursliste.domain.provider_list import APPROVALS, PersonRow, PlaceRow, ProviderRow

WORDS: Final = CodeWords(
    course_types={
        "IK-ALLG": "Allgemeiner Integrationskurs",
        "IK-ALPHA": "Integrationskurs mit Alphabetisierung",
        "BSK-B2": "Berufssprachkurs B2",
        "BSK-ANERK": "Spezialberufssprachkurs Anerkennung (Heilberufe, Pflege u. a.)",
        "LSK-SN-SOFORT": "Landessprachkurs Sachsen »Deutsch sofort«",
        "EOK": "Erstorientierungskurs (EOK)",
        "VHS-DAF": "Deutsch als Fremdsprache (VHS, Selbstzahler)",
        "KONV": "Sprachcafé / Konversationskurs",
        "PRUEF": "Prüfungstermin (DTZ, LiD, Einbürgerungstest, telc, Goethe)",
    },
    levels={"ohne": "ohne", "Alpha": "Alpha", "A1": "A1", "A2": "A2", "B1": "B1", "B2": "B2"},
    statuses={
        "geplant": "in Planung",
        "offen": "Anmeldung möglich",
        "knapp": "wenige Plätze frei",
        "warteliste": "ausgebucht, Warteliste möglich",
        "voll": "ausgebucht",
        "laeuft_einstieg": "läuft, Quereinstieg möglich",
        "laeuft": "läuft, kein Einstieg",
        "unterbrochen": "unterbrochen",
        "abgesagt": "abgesagt",
    },
    explanations=(
        ("knapp", "1 bis 3 freie Plätze oder fast voll"),
        ("laeuft_einstieg", "hat begonnen, Einstieg zum nächsten Modul möglich"),
    ),
)

PROVIDERS: Final = (
    ("Volkshochschule Görlitz e. V.", "Langenstraße 23", "02826", "Görlitz", "+49 3581 420980"),
    ("Euro-Schulen Zittau", "Äußere Weberstraße 84", "02763", "Zittau", "+49 3583 51770"),
    (
        "Internationaler Bund, Bildungszentrum Löbau und Weißwasser gGmbH",
        "Straße der Einheit 2–24",
        "02943",
        "Weißwasser/Oberlausitz",
        "03576 2128-0",
    ),
    ("Sprachcafé Niesky (Ehrenamt)", "Zinzendorfplatz 1", "02906", "Niesky", "+49 151 23456789"),
)


def a_head(**more: object) -> EditionHead:
    """Return the head of a valid edition."""
    facts: dict[str, object] = {
        "ags": "14626",
        "slug": "goerlitz",
        "district": "Landkreis Görlitz",
        "list_slug": "sprachkurse",
        "list_title": "Deutsch- und Integrationskurse",
        "month": Month(2026, 12),
        "number": 1,
        "published_at": datetime(2026, 12, 1, 8, 30, tzinfo=UTC),
        "responsible": "Maria Muster",
        "publisher": "Landratsamt Görlitz, Bildungskoordination",
        "contact": "bildung@kreis-gr.example",
        "licence": "dl-de/by-2-0",
    }
    return EditionHead(**{**facts, **more})  # type: ignore[arg-type]  # keywords of EditionHead


def a_row(**more: object) -> Row:
    """Return one course that fills every kind of column."""
    facts: dict[str, object] = {
        "course_id": "k7f3a2b9c1d4",
        "provider": "VHS Görlitz",
        "provider_reference": "26H-401",
        "course_group": "Integrationskurse",
        "course_type": "IK-ALLG",
        "title": "Integrationskurs am Vormittag",
        "level_from": "A1",
        "level_to": "B1",
        "current_module": 3,
        "starts_on": date(2026, 11, 2),
        "ends_on": date(2027, 6, 30),
        "weekdays": ("Mo", "Di", "Mi"),
        "time_from": time(8, 30),
        "time_until": time(12, 45),
        "street": "Langenstraße 23",
        "postcode": "02826",
        "town": "Görlitz",
        "seats_total": 20,
        "seats_free": 4,
        "status": "offen",
        "price_eur": Decimal("120.50"),
        "admission": ("Berechtigungsschein", "Verpflichtung"),
        "contact_phone": "+49 3581 420980",
        "link": "https://www.vhs-goerlitz.example/kurs?id=1&x=2",
        "confirmed_on": date(2026, 11, 25),
        "confirmed_how": "Web",
    }
    return {**facts, **more}


def a_provider_row(**more: object) -> ProviderRow:
    """Return a provider as the sheet "Träger" shows it."""
    facts: dict[str, object] = {
        "name": "VHS Görlitz",
        "kind": "VHS",
        "street": "Langenstraße 23",
        "postcode": "02826",
        "town": "Görlitz",
        "phone": "+49 3581 420980",
        "email": "info@vhs.example",
        "website": "https://vhs.example",
        "approvals": APPROVALS,
        "venues": (
            PlaceRow(name="Haus A", street="Weg 1", postcode="02763", town="Zittau"),
            PlaceRow(postcode="02708", town="Löbau"),
        ),
        "contacts": (PersonRow(name="Anmeldung", phone="03581 1", email="a@vhs.example"),),
        "course_types": ("IK-ALLG", "BSK-B2"),
        "courses": 2,
    }
    return ProviderRow(**{**facts, **more})  # type: ignore[arg-type]  # keywords of ProviderRow


def some_changes() -> tuple[Change, ...]:
    """Return a new, a changed and an ended course."""
    return (
        Change(kind=ChangeKind.NEW, course_id="k1", title="BSK B2", provider="VHS Görlitz"),
        Change(
            kind=ChangeKind.CHANGED,
            course_id="k2",
            title="Sprachcafé",
            provider="Niesky",
            fields=(
                FieldChange(attribute="starts_on", old=None, new=date(2026, 12, 7)),
                FieldChange(attribute="status", old="offen", new="voll"),
                FieldChange(attribute="price_eur", old=Decimal(0), new=Decimal("12.5")),
            ),
        ),
        Change(kind=ChangeKind.ENDED, course_id="k3", title="EOK", provider="Niesky"),
    )


KINDS_OF_COURSE: Final = (
    ("Integrationskurse", "IK-ALLG", "Integrationskurs am Vormittag", "A1", "B1"),
    (
        "Integrationskurse",
        "IK-ALPHA",
        "Alphabetisierungskurs für Frauen mit Kinderbetreuung",
        "Alpha",
        "A2",
    ),
    ("Berufssprachkurse", "BSK-B2", "Berufssprachkurs B2 mit Brückenelement", "B1", "B2"),
    ("Berufssprachkurse", "BSK-ANERK", "Fachsprache Pflege und Medizin", "B1", "B2"),
    ("Landessprachkurse", "LSK-SN-SOFORT", "Deutsch sofort", "ohne", "A1"),
    ("Erstorientierung", "EOK", "Erstorientierungskurs", "ohne", "A1"),
    ("Kommunale und weitere Kurse", "VHS-DAF", "Deutsch am Abend", "A2", "B1"),
    ("Ehrenamt und Begegnung", "KONV", "Sprachcafé am Zinzendorfplatz", None, None),
    ("Prüfungen", "PRUEF", "telc Deutsch B1 (Prüfungstermin)", None, "B1"),
)
STATUSES: Final = tuple(WORDS.statuses)
SOME_DAYS: Final = (("Mo", "Di", "Mi", "Do", "Fr"), ("Mo", "Mi"), ("Sa",), (), ("Di", "Do", "Fr"))
SOME_PAPERS: Final = (
    ("Berechtigungsschein", "Verpflichtung", "Zulassung BAMF", "Selbstzahler"),
    ("Teilnahmeberechtigung BSK",),
    ("ohne Voraussetzung",),
    (),
)


def varied_rows(count: int) -> list[Row]:
    """Return ``count`` rows of every group, status and gap: what a district's list looks like."""
    rows = [_varied(number) for number in range(count)]
    groups = [group for group, *_ in KINDS_OF_COURSE]
    return sorted(rows, key=lambda row: groups.index(str(row["course_group"])))


def _varied(number: int) -> Row:
    group, code, title, level_from, level_to = KINDS_OF_COURSE[number % len(KINDS_OF_COURSE)]
    name, street, postcode, town, phone = PROVIDERS[number % len(PROVIDERS)]
    starts_on = date(2026, 9, 1) + timedelta(days=(number * 37) % 220)
    return a_row(
        course_id=f"k{number:011d}",
        provider=name,
        provider_reference=f"26H-{number:05d}",
        course_group=group,
        course_type=code,
        title=title,
        level_from=level_from,
        level_to=level_to,
        starts_on=starts_on if number % 6 else None,
        start_note=None if number % 6 else "voraussichtlich Februar 2027, ab 15 Anmeldungen",
        ends_on=starts_on + timedelta(days=200) if number % 6 else None,
        weekdays=SOME_DAYS[number % len(SOME_DAYS)],
        time_from=time(8 + number % 9, 15 * (number % 4)) if number % 5 != 3 else None,
        time_until=time(12 + number % 9, 15 * (number % 4)) if number % 5 != 3 else None,
        street=street,
        postcode=postcode,
        town=town,
        seats_free=number % 13 if number % 4 else None,
        seats_total=16 + number % 9 if number % 7 else None,
        status=STATUSES[number % len(STATUSES)],
        late_entry=("ja", "nein", "nach Rücksprache", None)[number % 4],
        admission=SOME_PAPERS[number % len(SOME_PAPERS)],
        childcare=("ja", "nein", "auf Anfrage")[number % 3],
        contact_phone=phone,
        confirmed_on=date(2026, 11, 20 + number % 9) if number % 8 else None,
        public_note="Anmeldung nur persönlich, dienstags 9 bis 12 Uhr." if number % 10 == 3 else "",
        units_total=600 if number % 2 else None,
        delivery="Präsenz",
        contact_email="deutsch@traeger.example",
        contact_name="Anmeldung Deutschkurse",
    )


def providers_of(rows: Sequence[Row]) -> tuple[ProviderRow, ...]:
    """Return the providers of :func:`varied_rows` with the number of their courses."""
    return tuple(
        a_provider_row(
            name=name,
            street=street,
            postcode=postcode,
            town=town,
            phone=phone,
            courses=sum(row["provider"] == name for row in rows),
            has_reported=not name.startswith("Euro"),
        )
        for name, street, postcode, town, phone in PROVIDERS
    )
