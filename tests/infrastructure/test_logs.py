"""What operators read: one line an event, the same for our lines and those of libraries."""

import io
import json
import logging

import pytest
import structlog

from kursliste.infrastructure import logs


@pytest.fixture(autouse=True)
def root_as_before():
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    root.handlers = handlers
    root.setLevel(level)
    structlog.contextvars.clear_contextvars()


def lines(form, log):
    stream = io.StringIO()
    logs.configure(form, stream=stream)
    log()
    return stream.getvalue().splitlines()


@pytest.mark.asvs("16.2.1", "16.2.2", "16.2.4", "16.4.1")
def test_json_lines_carry_time_level_request_and_text():
    def log():
        structlog.contextvars.bind_contextvars(request_id="abc")
        logging.getLogger("kursliste.test").warning("zwei\nZeilen %s", "Ä")

    (line,) = lines("json", log)
    found = json.loads(line)
    assert (found["event"], found["level"], found["request_id"], found["logger"]) == (
        "zwei\nZeilen Ä",
        "warning",
        "abc",
        "kursliste.test",
    )
    assert found["timestamp"].endswith("Z")


@pytest.mark.logs_errors
def test_a_failure_keeps_its_traceback_in_one_line():
    def log():
        try:
            int("kaputt")
        except ValueError:
            logging.getLogger("kursliste.test").exception("schief")

    (line,) = lines("json", log)
    assert "ValueError: invalid literal" in json.loads(line)["exception"]


@pytest.mark.asvs("16.2.5")
@pytest.mark.parametrize("form", ["json", "text"])
def test_what_a_library_tells_loses_its_addresses(form):
    address = "rita@haus.example.org"
    error = ValueError(f"Key (email)=({address}) already exists.")

    def log():
        # Not by a logger: the watch over the logs of all tests would find it, as it should.
        info = (ValueError, error, None)
        record = logging.LogRecord("psycopg", 40, "x", 1, "of %s", (address,), info)
        logging.getLogger().handlers[0].handle(record)

    (line,) = lines(form, log)
    assert address not in line
    assert line.count("…@…") == 2
    assert "Key (email)=" in line


def test_text_lines_begin_with_the_time():
    (line,) = lines("text", lambda: logging.getLogger("kursliste.test").info("da"))
    assert line.startswith("timestamp='")
    assert "event='da'" in line


@pytest.mark.asvs("16.2.4")
def test_libraries_are_heard_only_when_something_is_wrong():
    def log():
        logging.getLogger("alembic.runtime").info("Context impl")
        logging.getLogger("alembic.runtime").warning("hm")

    assert len(lines("text", log)) == 1
