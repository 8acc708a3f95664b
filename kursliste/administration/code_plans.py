"""What a change of a code table or a district looks like before somebody confirms it."""

from datetime import date

from sqlalchemy.orm import Session

from kursliste.administration.confirming import Plan
from kursliste.domain.calendar import Month
from kursliste.domain.course_type import TypeFacts, oddities
from kursliste.domain.district import DistrictFacts
from kursliste.infrastructure.codes import load_codes
from kursliste.masterdata import code_changes, code_queries
from kursliste.masterdata.actions import FIRST_LIST
from kursliste.masterdata.code_changes import Changes, StatusFacts
from kursliste.masterdata.district_changes import check_new_district, district_changes
from kursliste.models.codes import CourseType, Level, StatusWords
from kursliste.models.masterdata import District
from kursliste.web.code_words import DISTRICT_FIELDS, TYPE_FIELDS, told_oddity, told_value
from kursliste.web.labels import shown

KEEPS = "Veröffentlichte Ausgaben bleiben, wie sie sind. "


def validity(valid_from: date | None, valid_until: date | None, today: date) -> tuple[str, str]:
    """Return in words whether a type holds on a day, and the tone of the words."""
    if valid_until is not None and valid_until < today:
        return f"beendet am {shown(valid_until)}", "neutral"
    if valid_from is not None and valid_from > today:
        return f"ab {shown(valid_from)}", "info"
    if valid_until is not None:
        return f"gilt bis {shown(valid_until)}", "warning"
    return "gilt", "success"


def type_plan(session: Session, found: CourseType, facts: TypeFacts) -> Plan:
    """Return what would change about a course type; raises as ``type_changes`` does."""
    changes = code_changes.type_changes(session, found, facts)
    follows = []
    if "label" in changes:
        follows.append(
            f"{KEEPS}Die neue Bezeichnung steht ab der nächsten Ausgabe. Unter der bisherigen "
            "erkennt die Übernahme die Kursart weiter."
        )
    if {"valid_from", "valid_until"} & changes.keys():
        follows += _about_validity(facts)
    courses = code_queries.current_courses(session, found.code)
    if courses:
        follows.append(
            "1 Kurs in den aktuellen Listen hat diese Kursart und behält sie."
            if courses == 1
            else f"{courses} Kurse in den aktuellen Listen haben diese Kursart und behalten sie."
        )
    return Plan(
        changes=_in_words(session, changes),
        odd=_odd(session, facts, found.units_total if "units_total" in changes else None),
        follows=follows,
    )


def new_type_plan(session: Session, code: str, facts: TypeFacts) -> Plan:
    """Return what a new course type would say; raises as ``new_type_changes`` does."""
    changes = code_changes.new_type_changes(session, code, facts)
    follows = ["Das Kürzel lässt sich später nicht ändern.", *_about_validity(facts)]
    return Plan(
        changes=_in_words(session, changes), odd=_odd(session, facts, None), follows=follows
    )


def level_plan(session: Session, found: Level, label: str) -> Plan:
    """Return what a new name of a level changes; raises as ``level_changes`` does."""
    changes = code_changes.level_changes(session, found, label)
    follows = [f"{KEEPS}Der neue Name steht ab der nächsten Ausgabe. Der Rang des Niveaus bleibt."]
    return Plan(changes=_in_words(session, changes), follows=follows)


def status_plan(session: Session, found: StatusWords, facts: StatusFacts) -> Plan:
    """Return what other words of a status change; raises as ``status_changes`` does."""
    changes = code_changes.status_changes(session, found, facts)
    follows = [f"{KEEPS}Die neuen Wörter stehen ab der nächsten Ausgabe."]
    return Plan(changes=_in_words(session, changes), follows=follows)


def district_plan(found: District, facts: DistrictFacts) -> Plan:
    """Return what would change about a district; raises as ``district_changes`` does."""
    changes = district_changes(found, facts)
    follows = []
    if changes.keys() - {"state"}:
        follows.append(f"{KEEPS}Seiten und Mails zeigen die neuen Angaben sofort.")
    if "state" in changes:
        follows.append("Fristen offener Abfragen bleiben. Für die nächsten gelten die Feiertage "
                       "des neuen Landes.")  # fmt: skip
    return Plan(changes=_of_district(changes), follows=follows)


def new_district_plan(session: Session, district: District) -> Plan:
    """Return what a new district would say; raises as ``check_new_district`` does."""
    check_new_district(session, district)
    names = ("name", "ags", "state", "slug", "publisher", "contact")
    changes = {name: (None, getattr(district, name)) for name in names}
    address = (
        f"Die Liste steht dann unter /kurslisten/{district.slug}. Diese Adresse und der "
        "Kreisschlüssel lassen sich später nicht ändern."
    )
    follows = [address, f"Der Kreis bekommt die Liste „{FIRST_LIST[1]}“."]
    said = {name: pair for name, pair in changes.items() if pair[1]}
    return Plan(changes=_of_district(said), follows=follows)


def _about_validity(facts: TypeFacts) -> list[str]:
    told = []
    if facts.valid_from is not None:
        month = Month.of(facts.valid_from)
        told.append(f"Meldungen bieten die Kursart ab {shown(month)} an.")
    if facts.valid_until is not None:
        month = Month.of(facts.valid_until)
        told.append(
            f"Meldungen bieten die Kursart zuletzt für {shown(month)} an. Kurse, die sie haben, "
            "behalten sie."
        )
    return told


def _odd(session: Session, facts: TypeFacts, before_units: int | None) -> list[str]:
    ranks = {code: row.sort for code, row in load_codes(session).levels.items()}
    return [told_oddity(one) for one in oddities(facts, ranks, before_units)]


def _in_words(session: Session, changes: Changes) -> list[tuple[str, str, str]]:
    levels = code_queries.labels_of(session, code_queries.LEVEL)
    return [
        (TYPE_FIELDS[name], told_value(name, old, levels), told_value(name, new, levels))
        for name, (old, new) in changes.items()
    ]


def _of_district(changes: Changes) -> list[tuple[str, str, str]]:
    return [
        (DISTRICT_FIELDS[name], told_value(name, old), told_value(name, new))
        for name, (old, new) in changes.items()
    ]
