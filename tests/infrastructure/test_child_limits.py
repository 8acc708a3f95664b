"""A child process that reads or sets what others gave is held in, whatever it tries."""

import subprocess
import sys

import pytest

from kursliste.settings import PACKAGE

CHILD = """
import os, sys
sys.path.insert(0, sys.argv[1])
from kursliste.infrastructure.child_limits import limit
limit(memory=300 << 20, seconds=1, open_files=8)
exec(sys.argv[2])
"""


@pytest.mark.asvs("15.2.5")
@pytest.mark.con10("A17")
@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no such limits")
@pytest.mark.parametrize(
    ("tries", "ends"),
    [
        ("pass", ""),
        ("bytearray(400 << 20)", "MemoryError"),
        ("[open('/dev/null') for _ in range(9)]", "OSError: [Errno 24] Too many open files"),
        (
            "os.write(os.open('written', os.O_CREAT | os.O_WRONLY), b'x')",
            "OSError: [Errno 27] File too large",
        ),
    ],
)
def test_what_a_child_may_not_do_ends_it(tries, ends, tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(PACKAGE.parent), tries],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        timeout=30,
        check=False,
    )
    told = done.stderr.strip().splitlines()[-1] if done.stderr else ""
    assert (done.returncode, told.partition(": '")[0]) == (int(bool(ends)), ends)
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) == 0


@pytest.mark.asvs("15.2.5")
@pytest.mark.con10("A17")
@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no such limits")
def test_a_child_that_never_ends_is_ended(tmp_path):
    command = [sys.executable, "-c", CHILD, str(PACKAGE.parent), "while True: pass"]
    done = subprocess.run(command, cwd=tmp_path, timeout=30, check=False)
    assert done.returncode < 0, "by a signal of the system, after a second of work"
