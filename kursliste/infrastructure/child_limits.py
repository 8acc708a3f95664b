"""Limits that a child process sets to itself; standard library only, it is the first thing it runs.

A parent sets the clock beside them (SECURITY.md, rule 25).
"""

import contextlib


def limit(*, memory: int, seconds: int, open_files: int) -> None:
    """Bound this process: bytes of address space, seconds of processor time, open files.

    It may write no file and leaves no core. A system without such limits is bounded by the
    parent's clock alone.
    """
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415  # not on Windows

        for name, value in (
            ("RLIMIT_AS", memory),
            ("RLIMIT_CPU", seconds),
            ("RLIMIT_FSIZE", 0),
            ("RLIMIT_NOFILE", open_files),
            ("RLIMIT_CORE", 0),
        ):
            resource.setrlimit(getattr(resource, name), (value, value))
