"""The files for operators name what exists."""

import re
from pathlib import Path

import pytest

from kursliste.settings import Settings

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
UNITS = sorted([*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")])
COMMANDS = {"serve", "tick", "backup", "doctor"}


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_starts_a_command_that_exists(path):
    text = path.read_text(encoding="utf-8")
    started = re.findall(r"venv/bin/kursliste (\w+)", text)
    assert set(started) <= COMMANDS
    assert bool(started) == (path.suffix == ".service")
    if path.suffix == ".timer":
        assert path.with_suffix(".service").exists()


def test_the_example_of_variables_is_one_that_starts():
    lines = (DEPLOY / "kursliste.env.example").read_text(encoding="utf-8").splitlines()
    given = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    given["KURSLISTE_SECRET_KEY"] = "0123456789abcdefghijklmnopqrstuvwxyz"
    settings = Settings.from_environment(given)
    assert settings.second_factor
    assert settings.security_contact.startswith("mailto:")


def test_the_guide_names_files_that_are_there():
    guide = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    named = set(re.findall(r"deploy/([\w.-]+\w)", guide))
    assert named
    assert all((DEPLOY / name).exists() for name in named if "*" not in name), named
