"""The set-up script and the lock files it trusts."""

import re
import subprocess
import sys
import tomllib

import pytest

from scripts import dev

LOCKS = ("run", "test", "build")
PROJECT = tomllib.loads((dev.ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def lock(name):
    return (dev.ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")


def normal(requirement):
    return re.split(r"[<>=!;\[ ]", requirement, maxsplit=1)[0].lower().replace("_", "-")


@pytest.mark.parametrize("name", LOCKS)
def test_lock_files_name_no_host(name):
    assert "://" not in lock(name)


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_a_version_and_a_hash(name):
    packages = re.split(r"\n(?=\S)", lock(name).strip())
    assert [p for p in packages if not re.match(r"[\w.-]+(\[[\w, -]+\])?==\S+", p)] == []
    assert [p.split()[0] for p in packages if "--hash=sha256:" not in p] == []


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("run", PROJECT["project"]["dependencies"]),
        ("test", PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["test"]),
        ("build", PROJECT["build-system"]["requires"]),
    ],
)
def test_lock_files_hold_what_the_project_names(name, wanted):
    locked = {normal(line) for line in lock(name).splitlines() if line[:1].strip()}
    assert {normal(requirement) for requirement in wanted} - locked == set()


def test_the_tests_use_the_versions_that_run():
    def pins(name):
        return {line.split("==")[0]: line for line in lock(name).splitlines() if "==" in line}

    running, testing = pins("run"), pins("test")
    assert {name: testing.get(name) for name in running} == running


def test_an_unknown_command_is_refused(capsys):
    assert dev.main(["dance"]) == 2
    assert capsys.readouterr().err == dev.USAGE + "\n"


def test_an_old_python_is_named(capsys, monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    assert dev.main(["run"]) == 1
    assert capsys.readouterr().err == "Python 3.11 oder neuer ist nötig, dies ist 3.9.\n"


def test_the_mark_depends_on_the_lock_file():
    requirements = dev.ROOT / "requirements"
    marks = {dev._fingerprint(requirements / f"{name}.txt") for name in LOCKS}
    assert len(marks) == 3


def test_a_wrong_chromium_is_named(capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("KURSLISTE_CHROMIUM", str(tmp_path / "nothing"))
    with pytest.raises(SystemExit) as refused:
        dev.chromium()
    assert refused.value.code == 1
    assert capsys.readouterr().err == (
        f"KURSLISTE_CHROMIUM: Die Datei {tmp_path / 'nothing'} gibt es nicht.\n"
    )


@pytest.mark.parametrize("name", ["run", "test", ".ci/run"])
def test_the_commands_are_executable_and_parse(name):
    path = dev.ROOT / name
    assert path.stat().st_mode & 0o111 == 0o111
    shell = path.read_text(encoding="utf-8").splitlines()[0].removeprefix("#!").split()[-1]
    checked = subprocess.run([shell.rsplit("/", 1)[-1], "-n", path], check=False)
    assert checked.returncode == 0
