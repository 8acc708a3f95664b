"""The bill of materials names every package of the lock file, with its hashes."""

from datetime import UTC, datetime

import pytest

from scripts.sbom import LOCK, ROOT, SHIPPED, bill

NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)


@pytest.mark.asvs("15.1.2", "15.2.3")
def test_every_package_of_the_lock_file_is_named_with_its_hashes():
    lock = LOCK.read_text(encoding="utf-8")
    made = bill(lock, NOW)
    packages = [one for one in made["components"] if "purl" in one]
    assert len(packages) == sum(1 for line in lock.splitlines() if "==" in line.split(";")[0])
    assert {"flask", "psycopg", "pyotp", "coverage"} - {one["name"] for one in packages} == {
        "coverage"  # only the tests need it
    }
    assert all(one["hashes"] for one in packages)
    assert sum(len(one["hashes"]) for one in packages) == lock.count("--hash=sha256:")


def test_equal_locks_give_equal_bills():
    lock = LOCK.read_text(encoding="utf-8")
    assert bill(lock, NOW) == bill(lock, NOW)
    assert bill(lock, NOW)["serialNumber"] != bill(lock + "\n", NOW)["serialNumber"]


def test_what_is_shipped_to_browsers_is_named():
    folders = {path.name for path in (ROOT / "static" / "vendor").iterdir() if path.is_dir()}
    assert folders == set(SHIPPED)
