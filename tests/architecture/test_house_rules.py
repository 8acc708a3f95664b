"""The house rules of ARCHITECTURE.md that no linter knows, checked on the syntax tree."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

from kursliste.domain.columns import COLUMNS
from kursliste.domain.course import FIELDS
from kursliste.domain.permissions import PERMISSIONS, Permission
from kursliste.models import EditionEntry
from kursliste.models.facts import FACT_NAMES

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "kursliste").rglob("*.py"))
ACTIONS = sorted((ROOT / "kursliste").glob("*/*actions.py"))
LONGEST_FILE = 400


def name_of(path):
    return path.relative_to(ROOT).as_posix()


def tree_of(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def calls_of(tree, *names):
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in names
    ]


def public_functions(path):
    return [
        node
        for node in tree_of(path).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    ]


def first_statement(function):
    body = function.body
    has_docstring = isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)
    return ast.unparse(body[1 if has_docstring else 0])


def test_one_place_ends_transactions():
    homes = {
        name_of(path)
        for path in SOURCES
        for call in calls_of(tree_of(path), "commit", "rollback")
        # A connection that adds something of its own passes the call on.
        if not ast.unparse(call.func).startswith("super().")
    }
    assert homes == {"kursliste/infrastructure/database.py"}


def test_every_flush_gives_its_reason():
    silent = [
        f"{name_of(path)}:{call.lineno}"
        for path in SOURCES
        for call in calls_of(tree_of(path), "flush")
        if ast.unparse(call.func).startswith("session.")
        and "#" not in path.read_text(encoding="utf-8").splitlines()[call.lineno - 1]
    ]
    assert silent == []


def test_status_is_assigned_in_the_move_methods_only():
    homes = {
        f"{name_of(path)}:{method.name}"
        for path in SOURCES
        for method in ast.walk(tree_of(path))
        if isinstance(method, ast.FunctionDef)
        for node in ast.walk(method)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Attribute) and target.attr == "status"
    }
    assert homes == {
        f"kursliste/models/{thing}.py:move" for thing in ("report", "question", "correction")
    }


@pytest.mark.asvs("8.2.1", "8.3.1", "8.3.3")
@pytest.mark.con10("A2")
@pytest.mark.parametrize("path", ACTIONS, ids=name_of)
def test_every_action_asks_for_permission_first(path):
    silent = [
        function.name
        for function in public_functions(path)
        if not first_statement(function).startswith("require(actor, Permission.")
    ]
    assert silent == []


def functions_of_station(folder):
    """Every function of a station by the name that its actions call it by."""
    found = {}
    for path in folder.glob("*.py"):
        for node in tree_of(path).body:
            if isinstance(node, ast.FunctionDef):
                found[f"{path.stem}.{node.name}"] = node
                if path.stem.endswith("actions"):
                    found[node.name] = node
    return found


def writes_journal(function, functions, seen=frozenset()):
    """Whether a function records something itself or calls one that does."""
    for node in ast.walk(function):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        if called == "journal.record" or re.match(r"(\w+_)?actions\.|masterdata\.", called):
            return True
        # Inside a module of its own a function is called by its bare name.
        inner = functions.get(called) or next(
            (f for name, f in functions.items() if name.endswith(f".{called}")), None
        )
        is_new = inner is not None and called not in seen
        if is_new and writes_journal(inner, functions, seen | {called}):
            return True
    return False


@pytest.mark.parametrize("path", ACTIONS, ids=name_of)
def test_every_action_writes_the_journal_or_calls_what_does(path):
    functions = functions_of_station(path.parent)
    silent = [f.name for f in public_functions(path) if not writes_journal(f, functions)]
    assert silent == []


def test_actions_and_queries_are_public_functions_with_a_docstring():
    silent = [
        f"{name_of(path)}:{function.name}"
        for path in [*ACTIONS, *sorted((ROOT / "kursliste").glob("*/queries.py"))]
        for function in public_functions(path)
        if ast.get_docstring(function) is None
    ]
    assert silent == []


def test_migrations_import_nothing_of_ours():
    own = [
        name_of(path)
        for path in sorted((ROOT / "migrations" / "versions").glob("*.py"))
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Import | ast.ImportFrom) and "kursliste" in ast.unparse(node)
    ]
    assert own == []


def test_no_file_holds_two_rooms():
    long = {
        name_of(path): count
        for path in SOURCES
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE
        # Tables of data are read by looking up, not from top to bottom.
        and path.name not in {"courses.py", "course.py", "cli.py", "edition.py"}
    }
    assert long == {}


def test_no_drawer_for_odds_and_ends():
    drawers = {"utils", "helpers", "manager", "common", "misc"}
    assert [name_of(path) for path in SOURCES if path.stem in drawers] == []


def test_no_comment_promises_later():
    promise = re.compile(r"#.*\b(TODO|FIXME|XXX|HACK)\b")
    found = [
        f"{name_of(path)}:{number}"
        for path in SOURCES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if promise.search(line)
    ]
    assert found == []


def test_every_permission_is_decided():
    assert set(PERMISSIONS) == set(Permission)


def test_every_column_is_a_column_of_the_frozen_entry():
    mapped = set(EditionEntry.__mapper__.columns.keys())
    assert {column.attribute for column in COLUMNS} - mapped == set()


def test_every_field_is_printed_stored_and_named_once():
    attributes = [field.attribute for field in FIELDS]
    headings = [field.heading for field in FIELDS]
    assert len(set(attributes)) == len(attributes)
    assert len(set(headings)) == len(headings)
    assert set(attributes) == {column.attribute for column in COLUMNS}
    assert set(attributes) == {*FACT_NAMES, "course_id", "provider", "course_group"}


def test_the_layers_in_the_document_are_those_of_the_linter():
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    floors = next(c for c in config["tool"]["importlinter"]["contracts"] if c["id"] == "floors")
    linted = [layer.replace("(", "").replace(")", "") for layer in floors["layers"]]
    document = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    written = re.search(r"`(app > [^`]*> domain)`", document.replace("\n", " "))
    assert written is not None
    assert [part.strip() for part in written.group(1).split(">")] == linted
