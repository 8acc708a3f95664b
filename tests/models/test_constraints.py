"""The database itself refuses what the rules forbid, even when nobody asks our code."""

import pytest
from sqlalchemy import CheckConstraint, Column, Enum, Table, UniqueConstraint, insert, select, text
from sqlalchemy.exc import IntegrityError

from kursliste.domain.course import OWN_FIELDS, Kind
from kursliste.domain.permissions import Grant, Role
from kursliste.models import Base
from tests.builders import a_district, a_list, a_provider, a_report, a_round, a_user
from tests.models.scene import a_row_everywhere

TABLES = {
    table.name: table for table in Base.metadata.sorted_tables if not table.info.get("derived")
}
"""All but those that are made from others and checked there."""
FACT_TABLES = ("reported_course", "approved_course", "edition_entry")
A_TIME = "'2026-11-24 09:00:00'"
FALSE, ATTACHES = "(1 = 0)", "attaches = (1 = 1)"
A_USER = "(SELECT min(id) FROM app_user)"
AN_OLD_PROVIDER = "(SELECT from_provider_id FROM course_handover)"

OWN_RULES = [
    ("app_user", "email_lower", "email = 'Alex@example.org'"),
    ("membership", "provider_has_provider", "provider_id = NULL"),
    ("membership", "staff_has_district", "district_id = (SELECT min(id) FROM district)"),
    ("district", "ags_five_digits", "ags = '1462'"),
    ("course_list", "opens_day_in_month", "opens_day = 0"),
    ("course_list", "opens_day_in_month", "opens_day = 32"),
    ("course_list", "due_working_days_in_range", "due_working_days = -1"),
    ("course_list", "due_working_days_in_range", "due_working_days = 16"),
    ("course_list", "friendly_days_in_range", "friendly_days = 0"),
    ("course_list", "friendly_days_in_range", "friendly_days = 21"),
    ("course_list", "steps_in_order", "overdue_working_days = 0"),
    ("course_list", "steps_in_order", "second_contact_working_days = 1"),
    ("course_list", "steps_in_order", "second_contact_working_days = 4"),
    ("course_list", "steps_in_order", "calls_working_days = 21"),
    ("interim_update", "seats_free_in_range", "seats_free = -1"),
    ("interim_update", "seats_free_in_range", "seats_free = 1000"),
    ("interim_update", "seats_taken_in_range", "seats_taken = -1"),
    ("interim_update", "seats_taken_in_range", "seats_taken = 1000"),
    ("interim_update", "tells_something", "seats_free = NULL"),
    ("round", "due_after_opening", "due_on = '2026-11-19'"),
    ("report", "sent_has_time", "status = 'submitted'"),
    ("report", "sent_has_time", "status = 'asked'"),
    ("report", "decided_at_if_decided", "status = 'approved'"),
    ("report", "decided_at_if_decided", f"decided_at = {A_TIME}, decided_by_id = {A_USER}"),
    ("report", "decided_by_whom", f"decided_by_id = {A_USER}"),
    ("statement", "spoken", "how = 'Web'"),
    ("statement", "told_by_somebody", "told_by = ''"),
    ("question", "field_of_row", "attribute = 'title'"),
    ("question", "answered_when", "status = 'answered'"),
    ("question", "closed_when", "status = 'closed'"),
    ("question", "closed_when", f"closed_at = {A_TIME}"),
    ("correction", "objection_says_why", f"status = 'objected', answered_at = {A_TIME}"),
    ("correction", "answered_when", "status = 'accepted'"),
    ("correction", "answered_when", f"answered_at = {A_TIME}"),
    ("provider_note", "says_something", "text = ''"),
    ("provider", "merged_is_closed", f"merged_into_id = {AN_OLD_PROVIDER}"),
    ("provider", "merged_into_another", f"is_active = {FALSE}, merged_into_id = id"),
    ("known_apart", "smaller_first", "other_id = one_id"),
    ("former_name", "says_something", "name = ''"),
    ("course_handover", "to_another", "to_provider_id = from_provider_id"),
    ("course_note", "says_something", "text = ''"),
    ("saved_search", "has_a_name", "name = ''"),
    ("logo_image", "media_type", "media_type = 'image/svg+xml'"),
    ("logo_image", "has_a_size", "width = 0"),
    ("logo_image", "has_a_size", "height = 0"),
    ("edition", "number_from_one", "number = 0, replaces = 1, reason = 'Berichtigung'"),
    ("edition", "later_replaces", "number = 2"),
    ("edition", "later_replaces", "replaces = 1, reason = 'Berichtigung'"),
    ("subscription", "email_lower", "email = 'A@example.org'"),
    ("subscription", "only_confirmed_rest", f"asleep_since = {A_TIME}"),
    ("mailing", "nothing_to_send_is_finished", f"sends = {FALSE}"),
    ("mailing", "attaches_what_is_sent", f"sends = {FALSE}, finished_at = {A_TIME}, {ATTACHES}"),
    ("mailing_rules", "most_kb_in_range", "most_kb = 0"),
    ("mailing_rules", "most_kb_in_range", "most_kb = 5001"),
    ("reader_hint", "settled_by_somebody", f"settled_at = {A_TIME}"),
    ("reader_hint", "settled_by_somebody", "settled_by = 'jemand'"),
    ("district_outline", "lies_somewhere", "north = 50"),
    ("district_outline", "lies_somewhere", "east = 14"),
    ("district_outline", "loaded_year_in_range", "loaded_year = 1989"),
    ("district_outline", "loaded_year_in_range", "loaded_year = 3000"),
    ("district_outline", "sha256_is_whole", "sha256 = 'a'"),
    ("retention_run", "removed_in_range", "removed = -1"),
    ("announcement", "ends_after_start", "starts_on = '2026-12-02', ends_on = '2026-12-01'"),
    ("edition", "correction_has_reason", "number = 2, replaces = 1"),
    ("edition_withdrawal", "says_why", "reason = ''"),
    ("edition_erasure", "says_why", "reason = ''"),
]
FACT_RULES = [
    ("price_eur_in_range", "price_eur = -1"),
    ("ends_after_start", "starts_on = '2026-12-02', ends_on = '2026-12-01'"),
    ("until_after_from", "time_from = '10:00:00.000000', time_until = '10:00:00.000000'"),
    ("confirmed_somehow", "confirmed_on = '2026-12-01'"),
    ("confirmed_somehow", "confirmed_how = 'Web'"),
]
BOUNDS = [
    (f"{field.attribute}_in_range", f"{field.attribute} = {value}")
    for field in OWN_FIELDS
    if field.kind is Kind.INTEGER
    for value in (field.low - 1, field.high + 1)
]
ENUMS = [
    (table.name, column.type.name, f"{column.name} = 'unfug'")
    for table in TABLES.values()
    for column in table.columns
    if isinstance(column.type, Enum)
]
RULES = [
    *OWN_RULES,
    *((table, name, change) for table in FACT_TABLES for name, change in FACT_RULES + BOUNDS),
]


@pytest.mark.asvs("2.2.1", "2.2.2")
@pytest.mark.parametrize(("table", "rule", "change"), RULES)
def test_a_broken_rule_is_refused(session, table, rule, change):
    a_row_everywhere(session)
    with pytest.raises(IntegrityError) as refused:
        session.execute(text(f"UPDATE {table} SET {change}"))
    assert f"ck_{table}_{rule}" in str(refused.value.orig)


@pytest.mark.parametrize(("table", "name", "change"), ENUMS)
def test_a_word_that_is_no_member_is_refused(session, table, name, change):
    a_row_everywhere(session)
    if session.scalar(text(f"SELECT count(*) FROM {table}")) == 0:
        pytest.fail(f"{table} needs a row in a_row_everywhere")
    with pytest.raises(IntegrityError) as refused:
        session.execute(text(f"UPDATE {table} SET {change}"))
    assert f"ck_{table}_" in str(refused.value.orig)


@pytest.mark.asvs("2.2.1")
def test_every_check_is_tried():
    tried = {f"ck_{table}_{rule}" for table, rule, _ in [*RULES, *ENUMS]}
    stated = {
        str(constraint.name)
        for table in TABLES.values()
        for constraint in table.constraints
        if isinstance(constraint, CheckConstraint)
    }
    assert tried == stated


def uniques() -> list[tuple[str, tuple[str, ...]]]:
    """Every UNIQUE except those that a key in them keeps anyway."""
    return sorted(
        (table.name, tuple(column.name for column in constraint.columns))
        for table in TABLES.values()
        for constraint in table.constraints
        if isinstance(constraint, UniqueConstraint)
        and not any(column.primary_key for column in constraint.columns)
    )


def vary(column: Column, value: object) -> object:
    """Another text; no value where there may be none: it never equals another."""
    if isinstance(value, str):
        return "z" * len(value)
    return None if column.nullable else value


def a_copy(session, table: Table, keep: tuple[str, ...]) -> dict[str, object]:
    """A row's values with another key, and all other unique texts varied."""
    others = {name for other, names in uniques() if other == table.name for name in names}
    found = session.execute(select(table).limit(1)).mappings().one()
    return {
        name: vary(table.c[name], value) if name in others - set(keep) else value
        for name, value in found.items()
        if name != "id"
    }


@pytest.mark.parametrize(("name", "columns"), uniques())
def test_a_second_of_its_kind_is_refused(session, name, columns):
    a_row_everywhere(session)
    table = TABLES[name]
    with pytest.raises(IntegrityError) as refused:
        session.execute(insert(table).values(**a_copy(session, table, columns)))
    words = str(refused.value.orig)
    on_sqlite = "UNIQUE constraint failed: " + ", ".join(f"{name}.{c}" for c in columns)
    on_postgres = f"uq_{name}_{'_'.join(columns)}"
    assert on_sqlite in words or on_postgres[:63] in words


@pytest.mark.parametrize(
    "grant",
    [
        lambda district, _provider: Grant(Role.COORDINATOR, district_id=district.id),
        lambda _district, provider: Grant(Role.PROVIDER, provider_id=provider.id),
        lambda _district, _provider: Grant(Role.ADMINISTRATOR),
    ],
    ids=["coordinator", "provider", "administrator"],
)
def test_a_person_holds_a_role_once(session, grant):
    """A column is always empty, and an empty column never equals another: partial indexes."""
    district = a_district(session)
    chosen = grant(district, a_provider(session, district))
    a_user(session, chosen)
    with pytest.raises(IntegrityError):
        a_user(session, chosen, chosen)


def two_districts(session):
    """A report in one district, and another district with a round, a list and a provider."""
    here, there = a_district(session), a_district(session, "weimar")
    list_here, list_there = a_list(session, here), a_list(session, there)
    provider_here = a_provider(session, here)
    provider_there = a_provider(session, there, name="Fremder Träger")
    report = a_report(session, a_round(session, list_here), provider_here)
    round_there = a_round(session, list_there)
    return report, provider_there, round_there


@pytest.mark.asvs("8.4.1")
def test_a_report_cannot_name_a_foreign_districts_provider(session):
    report, provider, _ = two_districts(session)
    with pytest.raises(IntegrityError):
        session.execute(
            text("UPDATE report SET provider_id = :provider WHERE id = :report"),
            {"provider": provider.id, "report": report.id},
        )


@pytest.mark.asvs("8.4.1")
def test_a_report_cannot_answer_a_foreign_districts_round(session):
    report, _, other = two_districts(session)
    with pytest.raises(IntegrityError):
        session.execute(
            text("UPDATE report SET round_id = :other WHERE id = :report"),
            {"other": other.id, "report": report.id},
        )


@pytest.mark.asvs("8.4.1")
@pytest.mark.parametrize("table", ["round", "report", "course", "edition"])
def test_nothing_moves_to_a_foreign_district(session, table):
    a_row_everywhere(session)
    there = a_district(session, "weimar")
    with pytest.raises(IntegrityError):
        session.execute(text(f"UPDATE {table} SET district_id = {there.id}"))


def test_a_course_cannot_belong_to_a_foreign_districts_provider(session):
    a_row_everywhere(session)
    foreign = a_provider(session, a_district(session, "weimar"), name="Fremder Träger")
    with pytest.raises(IntegrityError):
        session.execute(text(f"UPDATE course SET provider_id = {foreign.id}"))


def test_a_provider_that_reported_stays_in_its_district(session):
    a_row_everywhere(session)
    with pytest.raises(IntegrityError):
        session.execute(text("DELETE FROM provider_district"))
