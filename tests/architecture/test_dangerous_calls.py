"""What would turn a text that somebody typed into a program is not there, read from the code."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "kursliste").rglob("*.py"))
RUNS_TEXT = {"eval", "exec", "compile", "__import__"}
RUNS_TEXT_OF = {
    "os": {"system", "popen"},
    "pickle": {"load", "loads", "Unpickler"},
    "marshal": {"load", "loads"},
    "flask": {"render_template_string"},
}
CHANCE = {"random", "uuid"}


def trees():
    return [
        (path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8")))
        for path in SOURCES
    ]


def calls():
    for name, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                yield name, node


def imports(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, alias.name) for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            yield from ((node.module, alias.name) for alias in node.names)


@pytest.mark.asvs("1.2.5", "1.3.2", "1.3.7", "1.5.2")
@pytest.mark.con10("A8")
def test_nothing_that_was_typed_is_run():
    """No text becomes Python, a shell's command, an unpickled object or a template."""
    found = []
    for name, node in calls():
        called = ast.unparse(node.func)
        home, _, attribute = called.rpartition(".")
        if called in RUNS_TEXT or attribute in RUNS_TEXT_OF.get(home, ()):
            found.append(f"{name}: {called}")
        if attribute == "from_string" or any(word.arg == "shell" for word in node.keywords):
            found.append(f"{name}: {called}")
    taken = {
        f"{name}: {module}.{what}"
        for name, tree in trees()
        for module, what in imports(tree)
        if module in {"pickle", "marshal", "shelve"} or what == "render_template_string"
    }
    assert (found, taken) == ([], set())


def is_put_together(argument):
    return isinstance(argument, ast.JoinedStr | ast.BinOp) or (
        isinstance(argument, ast.Call) and ast.unparse(argument.func).endswith(".format")
    )


@pytest.mark.asvs("1.2.4")
@pytest.mark.con10("A9")
def test_statements_are_put_together_from_words_of_ours_only():
    """The names of a pragma, a setting and a column come from constants; nothing else is joined."""
    found = {
        f"{name}: {ast.unparse(node.args[0])}"
        for name, node in calls()
        if node.args
        and ast.unparse(node.func).rpartition(".")[2] in {"text", "exec_driver_sql", "execute"}
        and is_put_together(node.args[0])
    }
    assert found == {
        "kursliste/doctor.py: f'PRAGMA {name}'",
        "kursliste/doctor.py: f'SHOW {setting}'",
        "kursliste/infrastructure/database.py: f'BEGIN {kind}'",
        "kursliste/infrastructure/database.py: f'PRAGMA journal_mode={journal}'",
        "kursliste/infrastructure/database.py: f'PRAGMA synchronous={synchronous}'",
        "kursliste/infrastructure/database.py: f'PRAGMA {pragma}'",
        "kursliste/models/identity.py: f'{columns[-1]} IS NOT NULL'",
    }


@pytest.mark.asvs("6.5.3", "7.2.3", "11.5.1", "11.5.2")
@pytest.mark.con10("A3")
def test_secrets_are_drawn_by_the_system():
    """``secrets`` asks the operating system; neither ``random`` nor ``uuid`` is known at all."""
    found = {name for name, tree in trees() for module, _ in imports(tree) if str(module) in CHANCE}
    assert found == set()


@pytest.mark.asvs("11.4.1", "11.4.3")
def test_there_is_one_hash_and_a_slow_one():
    used = {
        node.attr
        for _, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "hashlib"
    }
    assert used == {"sha256", "scrypt"}  # slow, for what is short


@pytest.mark.asvs("15.3.7")
def test_a_view_knows_whether_a_value_came_in_the_address_or_in_the_form():
    """``request.values`` mixes both; only the way back is taken from either."""
    used = {
        ast.unparse(node)
        for name, node in calls()
        if ast.unparse(node.func).startswith("request.values")
    }
    named = sum(
        isinstance(node, ast.Attribute) and ast.unparse(node) == "request.values"
        for _, tree in trees()
        for node in ast.walk(tree)
    )
    assert (used, named) == ({"request.values.get(NEXT)"}, 3)
