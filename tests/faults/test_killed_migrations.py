"""``kursliste db upgrade`` is killed at a step: old or new, never between; it then goes on (X4)."""

import re
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import make_url

from kursliste.infrastructure import migrating
from kursliste.infrastructure.database import make_engine
from tests.faults.migrators import content, run

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL"),
]

FIRST, LATER = "0003", "0015"
AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
ROWS = (
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
        "INSERT INTO provider (id, name, short_name, kind, street, postcode, town, phone, email, "
        "website, office_hours, report_email, is_active, created_at, version) "
        "VALUES (1, 'VHS', '', '', '', '', '', '', '', '', '', '', true, '2026-11-20', 1)"
    ),
)


def make_old(url, revision):
    """Let the database be one of an older version, with rows in it; return all it holds."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        Path(address.database or "").unlink(missing_ok=True)  # quicker than the way back
    elif migrating.current(url) is not None:
        migrating.downgrade(url, "base")
    migrating.upgrade(url, FIRST)
    engine = make_engine(url)
    with engine.begin() as connection:
        for row in ROWS:
            connection.exec_driver_sql(row)
    engine.dispose()
    migrating.upgrade(url, revision)
    return content(url)


def without_keys(lines):
    """Leave out keys: PostgreSQL gives no number twice, also when nothing came of the first."""
    return sorted(re.sub(r"\(\d+,", "(", line) for line in lines)


def some_of(total, kills):
    """Return steps all over the way."""
    return [round(number * total / kills) for number in range(kills)]


@pytest.mark.parametrize(
    ("revision", "kills"),
    [
        (LATER, 2),
        pytest.param(FIRST, None, marks=[pytest.mark.nightly, pytest.mark.timeout(3600)]),
    ],
    ids=["some", "all"],
)
def test_a_killed_upgrade_leaves_old_or_new_and_goes_on(empty_database_url, revision, kills):
    url = empty_database_url
    make_old(url, revision)
    migrating.upgrade(url)
    new = content(url)
    old = make_old(url, revision)
    steps = run(url, AT)
    assert steps is not None
    done = content(url)
    assert steps.total > steps.commit > 50
    assert make_old(url, revision) == old
    assert old != new != done != old

    # All steps of the tables, then those of the code tables, which are a transaction of their own.
    for dies_at in some_of(steps.commit + 1, kills or steps.commit + 1):
        assert run(url, AT, dies_at=dies_at) is None
        assert content(url) == old
    assert run(url, AT, dies_at=steps.commit) is None
    assert content(url) == old
    assert run(url, AT, dies_at=steps.commit + 1) is None
    assert content(url) == new
    rest = steps.total - steps.commit - 1
    for dies_at in some_of(rest, kills or rest):
        assert run(url, AT, dies_at=dies_at) is None
        assert content(url) == new

    assert run(url, AT) is not None
    assert without_keys(content(url)) == without_keys(done)
    migrating.check(url)


def test_the_check_sees_a_schema_that_is_neither_old_nor_new(empty_database_url):
    """The control: were each statement a transaction of its own, a kill would leave ruins."""
    url, revision = empty_database_url, LATER
    make_old(url, revision)
    migrating.upgrade(url)
    new = content(url)
    old = make_old(url, revision)

    assert run(url, AT, dies_at=20, commits_each=True) is None
    assert content(url) not in (old, new)
