"""The migrations build what the models say, step by step and back again, on both engines."""

from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import CheckConstraint, Column, Integer, MetaData, Table, inspect

from kursliste.domain.second_factor import paper_secret
from kursliste.domain.sign_in import hashed
from kursliste.infrastructure import migrating
from kursliste.infrastructure.database import make_engine
from kursliste.infrastructure.migrating import MigrationError
from kursliste.infrastructure.slow_hash import slow_hash_holds
from kursliste.models import Base

REVISIONS = migrating.scripts()[::-1]


def schema(url):
    """Tables, columns, keys and -- what Alembic does not compare -- CHECK constraints."""
    engine = make_engine(url)
    look = inspect(engine)
    found = {
        table: {
            "columns": {
                c["name"]: (str(c["type"]), c["nullable"], c["default"])
                for c in look.get_columns(table)
            },
            "primary": look.get_pk_constraint(table)["constrained_columns"],
            "unique": {
                u["name"]: tuple(u["column_names"]) for u in look.get_unique_constraints(table)
            },
            "check": {c["name"]: c["sqltext"] for c in look.get_check_constraints(table)},
            "foreign": {
                f["name"]: (
                    tuple(f["constrained_columns"]),
                    f["referred_table"],
                    tuple(f["referred_columns"]),
                    f["options"],
                )
                for f in look.get_foreign_keys(table)
            },
            "index": {
                i["name"]: (
                    tuple(i["column_names"]),
                    i["unique"],
                    {name: str(value) for name, value in i.get("dialect_options", {}).items()},
                )
                for i in look.get_indexes(table)
            },
        }
        for table in look.get_table_names()
        if table != "alembic_version"
    }
    engine.dispose()
    return found


def test_revisions_are_one_numbered_line():
    assert [r.revision for r in REVISIONS] == [f"{n:04d}" for n in range(1, len(REVISIONS) + 1)]
    assert [Path(r.path).stem.split("_")[0] for r in REVISIONS] == [r.revision for r in REVISIONS]
    assert [r.down_revision for r in REVISIONS] == [None, *(r.revision for r in REVISIONS[:-1])]


def test_revisions_import_nothing_of_ours():
    assert [r.revision for r in REVISIONS if "kursliste" in _imports(Path(r.path))] == []


def _imports(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    return " ".join(line for line in lines if line.startswith(("import ", "from ")))


def test_head_is_what_the_models_say(database_url, empty_database_url):
    engine = make_engine(empty_database_url)
    Base.metadata.create_all(engine)
    engine.dispose()
    assert schema(database_url) == schema(empty_database_url)


def test_alembic_sees_no_difference_either(database_url):
    engine = make_engine(database_url, for_migration=True)
    with engine.connect() as connection:
        command.check(migrating.configuration(connection))
    engine.dispose()


@pytest.mark.parametrize("revision", REVISIONS, ids=lambda r: r.revision)
def test_each_step_goes_up_and_comes_back(empty_database_url, revision):
    below = revision.down_revision or "base"
    migrating.upgrade(empty_database_url, below)
    before = schema(empty_database_url)
    migrating.upgrade(empty_database_url, revision.revision)
    assert migrating.current(empty_database_url) == revision.revision
    migrating.downgrade(empty_database_url, below)
    assert schema(empty_database_url) == before


def test_check_accepts_the_newest_revision(database_url):
    migrating.check(database_url)
    assert migrating.current(database_url) == migrating.head() == REVISIONS[-1].revision


def test_check_says_what_to_do_with_an_empty_database(empty_database_url):
    with pytest.raises(MigrationError) as refused:
        migrating.check(empty_database_url)
    assert str(refused.value) == (
        f"Die Datenbank hat den Stand leer, nötig ist {migrating.head()}: "
        "bitte „kursliste db upgrade“ ausführen."
    )


def test_a_newer_database_is_refused(empty_database_url):
    migrating.upgrade(empty_database_url)
    _execute(empty_database_url, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(MigrationError) as refused:
        migrating.check(empty_database_url)
    assert str(refused.value) == (
        f"Die Datenbank ist neuer als dieses Programm (Stand 9999, bekannt bis {migrating.head()})."
    )


def test_a_failed_step_leaves_nothing_behind(empty_database_url):
    """A table that the first migration wants to create is in its way."""
    table = Table(max(Base.metadata.tables), MetaData(), Column("in_the_way", Integer))
    engine = make_engine(empty_database_url)
    table.create(engine)
    engine.dispose()
    before = schema(empty_database_url)
    with pytest.raises(Exception, match="already exists"):
        migrating.upgrade(empty_database_url)
    assert schema(empty_database_url) == before
    assert migrating.current(empty_database_url) is None


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_a_step_that_breaks_references_is_refused(empty_database_url):
    """SQLite does not look while tables are rebuilt, so the run looks before it commits."""
    migrating.upgrade(empty_database_url)
    engine = make_engine(empty_database_url, for_migration=True)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE parent (id INTEGER PRIMARY KEY)")
        connection.exec_driver_sql("CREATE TABLE child (id INTEGER REFERENCES parent (id))")
        connection.exec_driver_sql("INSERT INTO child VALUES (7)")
    engine.dispose()
    with pytest.raises(MigrationError) as refused:
        migrating.upgrade(empty_database_url)
    assert str(refused.value) == "Die Änderung hätte Verweise zerstört (Tabellen: child)."


def test_the_comparison_sees_checks(empty_database_url):
    """The control: without it two schemas without any CHECK would look equal, too."""
    check = CheckConstraint("amount > 0", name="amount_positive")
    table = Table("thing", MetaData(), Column("amount", Integer), check)
    engine = make_engine(empty_database_url)
    table.create(engine)
    engine.dispose()
    assert list(schema(empty_database_url)["thing"]["check"]) == ["amount_positive"]


def _execute(url, statement):
    engine = make_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


def test_lists_that_exist_get_the_dates_that_the_program_had(empty_database_url):
    """0004 moves data: a list of before asks and reminds as it did."""
    migrating.upgrade(empty_database_url, "0003")
    _execute(
        empty_database_url,
        "INSERT INTO district (id, ags, slug, name, state, publisher, contact) "
        "VALUES (1, '14626', 'goerlitz', 'Landkreis Görlitz', 'SN', '', '')",
    )
    _execute(
        empty_database_url,
        "INSERT INTO course_list (id, district_id, slug, kind, title, rhythm, opens_day, "
        "unconfirmed_rule, licence) "
        "VALUES (1, 1, 'deutschkurse', 'language_courses', 'Kurse', 'monthly', 18, 'print', '')",
    )

    migrating.upgrade(empty_database_url)

    engine = make_engine(empty_database_url)
    with engine.connect() as connection:
        row = connection.exec_driver_sql(
            "SELECT opens_day, due_working_days, reminds, friendly_days, overdue_working_days, "
            "second_contact_working_days, calls_working_days, version FROM course_list"
        ).one()
    engine.dispose()
    assert tuple(row) == (18, 0, 1, 5, 1, 3, 4, 1)


def test_rows_that_exist_name_what_they_repeat(empty_database_url):
    """0004 moves data: two rows with the words of the lists, and two with others."""
    migrating.upgrade(empty_database_url, "0003")
    day = "'2026-11-20'"
    for statement in (
        (
            "INSERT INTO district (id, ags, slug, name, state, publisher, contact) "
            "VALUES (1, '14626', 'goerlitz', 'Landkreis Görlitz', 'SN', '', '')"
        ),
        (
            "INSERT INTO course_list (id, district_id, slug, kind, title, rhythm, opens_day, "
            "unconfirmed_rule, licence) "
            "VALUES (1, 1, 'deutschkurse', 'language_courses', 'Kurse', 'monthly', 18, 'print', '')"
        ),
        (
            "INSERT INTO course_type (code, label, short, course_group, sort, state) "
            "VALUES ('X', 'X', 'X', 'X', 1, '')"
        ),
        (
            "INSERT INTO round (id, course_list_id, district_id, month, opens_on, due_on, status, "
            f"version) VALUES (1, 1, 1, '2026-12', {day}, {day}, 'open', 1)"
        ),
        (
            "INSERT INTO provider (id, name, short_name, kind, street, postcode, town, phone, "
            "email, website, office_hours, report_email, is_active, created_at, version) "
            f"VALUES (1, 'VHS', '', '', '', '', '', '', '', '', '', '', true, {day}, 1)"
        ),
        "INSERT INTO provider_district (provider_id, district_id) VALUES (1, 1)",
        (
            "INSERT INTO venue (id, provider_id, name, street, postcode, town, wheelchair) "
            "VALUES (5, 1, 'Haus', '', '02826', 'Görlitz', 'ja')"
        ),
        (
            "INSERT INTO contact (id, provider_id, name, phone, email, is_public) "
            "VALUES (7, 1, 'Büro', '03581 1', '', false), (8, 1, 'Anna', '03581 2', '', false)"
        ),
        (
            "INSERT INTO report (id, round_id, district_id, provider_id, status, origin, is_nil, "
            "version) VALUES (1, 1, 1, 1, 'draft', 'prefilled', false, 1)"
        ),
        (
            "INSERT INTO course (id, district_id, provider_id, created_at) "
            f"VALUES ('a', 1, 1, {day}), ('b', 1, 1, {day}), ('c', 1, 1, {day})"
        ),
        (
            "INSERT INTO reported_course (id, report_id, course_id, position, version, "
            "course_type, title, venue_name, postcode, town, wheelchair, contact_name, "
            "contact_phone) VALUES (1, 1, 'a', 1, 1, 'X', 'A', 'Haus', '02826', 'Görlitz', NULL, "
            "'Büro', '03581 1'), "
            "(2, 1, 'b', 2, 1, 'X', 'B', 'Haus', '02826', 'Görlitz', 'nein', 'Anna', '9'), "
            "(3, 1, 'c', 3, 1, 'X', 'C', NULL, NULL, NULL, NULL, NULL, NULL)"
        ),
    ):
        _execute(empty_database_url, statement)

    migrating.upgrade(empty_database_url)

    engine = make_engine(empty_database_url)
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT id, venue_id, contact_id FROM reported_course ORDER BY id"
        ).all()
        contacts = connection.exec_driver_sql("SELECT id, is_public FROM contact ORDER BY id").all()
    engine.dispose()
    assert [tuple(row) for row in rows] == [(1, 5, 7), (2, None, None), (3, None, None)]
    assert [tuple(row) for row in contacts] == [(7, True), (8, False)]


def test_words_of_a_licence_become_its_code(empty_database_url):
    """0007 moves data: known words are kept as a code, unknown ones are no licence."""
    migrating.upgrade(empty_database_url, "0005")
    for key, words in enumerate(("Datenlizenz Deutschland – Namensnennung 2.0", "geheim"), start=1):
        _execute(
            empty_database_url,
            "INSERT INTO district (id, ags, slug, name, state, publisher, contact) "
            f"VALUES ({key}, '1462{key}', 'd{key}', 'Kreis', 'SN', '', '')",
        )
        _execute(
            empty_database_url,
            "INSERT INTO course_list (id, district_id, slug, kind, title, rhythm, opens_day, "
            "due_working_days, reminds, friendly_days, overdue_working_days, "
            "second_contact_working_days, calls_working_days, unconfirmed_rule, version, licence) "
            f"VALUES ({key}, {key}, 'kurse', 'language_courses', 'Kurse', 'monthly', 18, 0, true, "
            f"5, 1, 3, 4, 'print', 1, '{words}')",
        )

    migrating.upgrade(empty_database_url)

    engine = make_engine(empty_database_url)
    with engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT licence FROM course_list ORDER BY id").all()
    engine.dispose()
    assert [row[0] for row in found] == ["dl-de/by-2-0", ""]


def test_codes_on_paper_hold_on(empty_database_url):
    """0024 hashes what was hashed fast once more, and once only."""
    migrating.upgrade(empty_database_url, "0023")
    _execute(
        empty_database_url,
        "INSERT INTO app_user (id, name, email, is_active, created_at) "
        "VALUES (1, 'Karla', 'karla@example.org', true, '2026-11-01 08:00:00')",
    )
    fast = hashed(f"1:{'a' * 12}")
    _execute(
        empty_database_url, f"INSERT INTO paper_code (user_id, code_hash) VALUES (1, '{fast}')"
    )
    for _ in range(2):
        migrating.upgrade(empty_database_url, "0024")
        migrating.downgrade(empty_database_url, "0023")
    engine = make_engine(empty_database_url)
    with engine.connect() as connection:
        stored = connection.exec_driver_sql("SELECT code_hash FROM paper_code").scalar_one()
    engine.dispose()
    assert slow_hash_holds(stored, paper_secret(1, "a" * 12))
