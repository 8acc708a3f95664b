"""Published files: whole or not at all, and nothing outside the folder (SECURITY.md, rule 14)."""

import errno
import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kursliste.domain.errors import NotFoundError
from kursliste.infrastructure.shelf import Shelf

NAME = "goerlitz/deutschkurse/2026-12/a1/kursliste-goerlitz-2026-12-a1.xlsx"


@pytest.fixture
def shelf(tmp_path):
    return Shelf(tmp_path / "exports")


def files(shelf):
    found = (path for path in shelf.root.rglob("*") if path.is_file())
    return sorted(path.relative_to(shelf.root).as_posix() for path in found)


def test_what_was_put_is_read_and_has_its_hash(shelf):
    assert shelf.put(NAME, b"content") == hashlib.sha256(b"content").hexdigest()
    assert shelf.read(NAME) == b"content"
    assert files(shelf) == [NAME]
    assert (shelf.root / NAME).stat().st_mode & 0o777 == 0o644


def test_putting_the_same_again_changes_nothing(shelf):
    first = shelf.put(NAME, b"content")
    assert shelf.put(NAME, b"content") == first
    assert files(shelf) == [NAME]


@pytest.mark.parametrize("name", ["nothing.xlsx", "goerlitz", f"{NAME}/below"])
def test_what_is_not_there_is_not_found(shelf, name):
    shelf.put(NAME, b"content")
    with pytest.raises(NotFoundError):
        shelf.read(name)


@pytest.mark.parametrize("name", ["../secret", "a/../../secret", "/etc/passwd"])
def test_nothing_outside_the_folder_is_read_or_written(shelf, tmp_path, name):
    (tmp_path / "secret").write_bytes(b"secret")
    for act in (shelf.read, lambda outside: shelf.put(outside, b"x")):
        with pytest.raises(NotFoundError):
            act(name)
    assert (tmp_path / "secret").read_bytes() == b"secret"


def test_a_link_out_of_the_folder_is_not_followed(shelf, tmp_path):
    (tmp_path / "secret").write_bytes(b"secret")
    shelf.root.mkdir()
    (shelf.root / "way-out").symlink_to(tmp_path / "secret")
    with pytest.raises(NotFoundError):
        shelf.read("way-out")


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_full_disk_leaves_nothing_half_and_nothing_behind(shelf, monkeypatch, step):
    shelf.put(NAME, b"old")

    def full(*_arguments):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os if step == "fsync" else Path, step, full)
    with pytest.raises(OSError, match="No space left"):
        shelf.put(NAME.replace("a1", "a2"), b"new")
    assert files(shelf) == [NAME]
    assert shelf.read(NAME) == b"old"


def test_bytes_are_on_the_disk_before_the_name_and_the_name_before_the_answer(shelf, monkeypatch):
    steps = []
    fsync, replace = os.fsync, Path.replace

    def noting_fsync(handle):
        steps.append("folder" if os.path.isdir(f"/proc/self/fd/{handle}") else "file")  # noqa: PTH112 -- a handle
        fsync(handle)

    def noting_replace(path, target):
        steps.append("name")
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", noting_fsync)
    monkeypatch.setattr(Path, "replace", noting_replace)
    shelf.put(NAME, b"content")
    assert steps == ["file", "name", "folder"]


def test_readers_see_all_of_a_file_or_none(shelf):
    content = [bytes([n]) * 200_000 for n in range(8)]

    def put_and_look(part):
        shelf.put(NAME, part)
        return shelf.read(NAME)

    with ThreadPoolExecutor(8) as pool:
        for seen in pool.map(put_and_look, content):
            assert seen in content
    assert files(shelf) == [NAME]


def test_a_shelf_says_whether_it_can_be_written(shelf, tmp_path):
    assert shelf.is_writable()
    assert files(shelf) == []
    (tmp_path / "file").write_text("in the way")
    assert not Shelf(tmp_path / "file").is_writable()
