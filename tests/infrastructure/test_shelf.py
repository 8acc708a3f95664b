"""Published files: whole or not at all, never over others, and nothing outside the shelf.

What both kinds of shelf promise is tested with both (SECURITY.md, rule 14).
"""

import base64
import errno
import hashlib
import os
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kursliste.domain.errors import NameTakenError, NotFoundError, Rule, ShelfError
from kursliste.infrastructure import shelf_bucket, shelf_folder
from kursliste.infrastructure.shelf import Shelf
from kursliste.infrastructure.shelf_bucket import BucketBacking
from kursliste.infrastructure.shelf_parts import CHUNK

FOLDER = "goerlitz/deutschkurse/2026-12/a1"
NAME = f"{FOLDER}/kursliste-goerlitz-2026-12-a1.xlsx"
OTHER = f"{FOLDER}/kursliste-goerlitz-2026-12-a1.csv"


@pytest.fixture
def shelf(tmp_path):
    return Shelf(tmp_path / "exports")


def files(shelf):
    return [stored.name for stored in shelf.names()]


# ---- what every shelf promises


def test_what_was_put_is_read_and_has_its_hash(any_shelf):
    assert any_shelf.put(NAME, b"content") == hashlib.sha256(b"content").hexdigest()
    assert any_shelf.read(NAME) == b"content"
    assert files(any_shelf) == [NAME]


def test_the_same_again_is_fine_and_others_only_by_intention(any_shelf):
    first = any_shelf.put(NAME, b"content")
    assert any_shelf.put(NAME, b"content") == first
    for other in (b"CONTENT", b"more content", b""):
        with pytest.raises(NameTakenError) as taken:
            any_shelf.put(NAME, other)
        assert (taken.value.rule, taken.value.facts) == (Rule.SHELF_NAME_TAKEN, {"name": NAME})
    assert any_shelf.read(NAME) == b"content"

    any_shelf.put(NAME, b"erased", replacing=True)
    any_shelf.put(OTHER, b"new", replacing=True)
    assert [any_shelf.read(name) for name in (NAME, OTHER)] == [b"erased", b"new"]
    assert sorted(files(any_shelf)) == sorted([NAME, OTHER])


def test_of_many_who_write_one_name_at_once_one_wins_and_the_others_know(any_shelf):
    content = [bytes([n]) * 50_000 for n in range(6)]
    gate = threading.Barrier(len(content))

    def put(part):
        gate.wait(10)
        try:
            any_shelf.put(NAME, part)
        except NameTakenError:
            return None
        return part

    with ThreadPoolExecutor(len(content)) as pool:
        winners = [part for part in pool.map(put, content) if part]
    assert winners == [any_shelf.read(NAME)]
    assert files(any_shelf) == [NAME]


def test_readers_see_all_of_a_file_or_none(any_shelf):
    content = [bytes([n]) * 200_000 for n in range(8)]

    def put_and_look(part):
        any_shelf.put(NAME, part, replacing=True)
        return any_shelf.read(NAME)

    with ThreadPoolExecutor(8) as pool:
        for seen in pool.map(put_and_look, content):
            assert seen in content
    assert files(any_shelf) == [NAME]


def test_what_is_not_there_is_not_found(any_shelf):
    any_shelf.put(NAME, b"content")
    for name in ("nothing.xlsx", "goerlitz", f"{NAME}/below"):
        for act in (any_shelf.read, any_shelf.chunks):
            with pytest.raises(NotFoundError):
                act(name)
        assert any_shelf.find(name) is None
        any_shelf.delete(name)
    assert files(any_shelf) == [NAME]
    assert list(any_shelf.names("goerlitz/anderes")) == []


@pytest.mark.asvs("5.3.2")
@pytest.mark.con10("A5")
def test_nothing_outside_is_read_written_listed_or_removed(any_shelf, tmp_path):
    (tmp_path / "secret").write_bytes(b"secret")
    acts = [any_shelf.read, any_shelf.chunks, any_shelf.find, any_shelf.delete]
    acts += [
        lambda name: any_shelf.put(name, b"x"),
        lambda name: list(any_shelf.names(name or ".")),
    ]
    ways_out = (
        "../secret",
        "a/../../secret",
        "/etc/passwd",
        "a//b",
        "./a",
        "a/",
        "",
        "a\\b",
        "a\x00b",
    )
    for name in (*ways_out, "ä" * 500):
        for act in acts:
            with pytest.raises(NotFoundError):
                act(name)
    assert (tmp_path / "secret").read_bytes() == b"secret"
    assert list(any_shelf.names()) == []


def test_a_part_is_read_in_pieces(any_shelf):
    content = bytes(range(256)) * 1024
    any_shelf.put(NAME, content)

    with any_shelf.chunks(NAME) as chunks:
        pieces = list(chunks)
    assert (b"".join(pieces), max(map(len, pieces))) == (content, CHUNK)
    for start, stop in ((0, 1), (5, 70_005), (len(content) - 3, len(content)), (100_000, None)):
        with any_shelf.chunks(NAME, start, stop) as chunks:
            assert b"".join(chunks) == content[start:stop]
    chunks = any_shelf.chunks(NAME)
    next(chunks)
    chunks.close()
    chunks.close()


def test_files_are_listed_with_size_and_age(any_shelf):
    before = datetime.now(UTC) - timedelta(minutes=1)  # noqa: TID251 -- the storage's clock
    for number in (1, 2):
        any_shelf.put(f"weimar/deutschkurse/2026-12/a{number}/x.csv", b"12345")
    any_shelf.put(NAME, b"content")

    found = list(any_shelf.names())
    assert [(stored.name[:9], stored.size) for stored in found] == [
        ("goerlitz/", 7),
        ("weimar/de", 5),
        ("weimar/de", 5),
    ]
    assert all(before < stored.changed_at < before + timedelta(minutes=5) for stored in found)
    assert any_shelf.find(NAME) == found[0]
    assert list(any_shelf.names("weimar/deutschkurse")) == found[1:]


def test_what_is_deleted_is_gone(any_shelf):
    any_shelf.put(NAME, b"content")
    any_shelf.delete(NAME)
    assert (any_shelf.find(NAME), files(any_shelf)) == (None, [])
    any_shelf.put(NAME, b"another")
    assert any_shelf.read(NAME) == b"another"


def test_a_shelf_says_whether_it_can_be_written(any_shelf):
    assert any_shelf.is_writable()
    assert any_shelf.is_writable()
    any_shelf.put(NAME, b"content")
    assert [name for name in files(any_shelf) if name != shelf_bucket.PROBE] == [NAME]


# ---- a folder


@pytest.mark.asvs("5.3.2")
@pytest.mark.con10("A5")
def test_a_link_out_of_the_folder_is_not_followed(shelf, tmp_path):
    (tmp_path / "secret").write_bytes(b"secret")
    shelf.root.mkdir()
    (shelf.root / "way-out").symlink_to(tmp_path / "secret")
    with pytest.raises(NotFoundError):
        shelf.read("way-out")
    assert files(shelf) == []


@pytest.mark.parametrize("step", ["fsync", "link", "replace"])
@pytest.mark.logs_errors
def test_a_full_disk_leaves_nothing_half_and_nothing_behind(shelf, monkeypatch, step, caplog):
    shelf.put(NAME, b"old")

    def full(*_arguments):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path if step == "replace" else os, step, full)
    if step == "link":
        monkeypatch.setattr(Path, "replace", full)  # the second way is no way either
    with pytest.raises(ShelfError) as failed:
        shelf.put(NAME.replace("a1", "a2"), b"new", replacing=step == "replace")
    assert failed.value.rule is Rule.SHELF_NOT_WRITABLE
    assert "No space left" in caplog.text
    assert files(shelf) == [NAME]
    assert shelf.read(NAME) == b"old"


@pytest.mark.parametrize("replacing", [False, True])
def test_bytes_are_on_the_disk_before_the_name_and_the_name_before_the_answer(
    shelf, monkeypatch, replacing
):
    steps = []
    fsync, link, rename = os.fsync, os.link, Path.replace

    def noting_fsync(handle):
        steps.append("folder" if os.path.isdir(f"/proc/self/fd/{handle}") else "file")  # noqa: PTH112 -- a handle
        fsync(handle)

    def noting(original):
        def name(source, target):
            steps.append("name")
            return original(source, target)

        return name

    monkeypatch.setattr(os, "fsync", noting_fsync)
    monkeypatch.setattr(os, "link", noting(link))
    monkeypatch.setattr(Path, "replace", noting(rename))
    shelf.put(NAME, b"content", replacing=replacing)
    assert steps == ["file", "name", "folder"]
    assert (shelf.root / NAME).stat().st_mode & 0o777 == 0o644


def test_a_file_system_without_second_names_is_used_too(shelf, monkeypatch):
    def refused(*_arguments):
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refused)
    shelf.put(NAME, b"content")
    with pytest.raises(NameTakenError):
        shelf.put(NAME, b"other")
    with pytest.raises(FileExistsError):
        shelf_folder.FolderBacking(shelf.root).put(NAME, b"other", replacing=False)
    assert (shelf.read(NAME), files(shelf)) == (b"content", [NAME])


@pytest.mark.logs_errors
def test_a_folder_that_cannot_be_written_is_told(tmp_path, caplog):
    (tmp_path / "file").write_text("in the way")
    assert not Shelf(tmp_path / "file").is_writable()
    assert "not writable" in caplog.text


# ---- a bucket


def test_a_bucket_is_no_folder_and_uses_only_its_prefix(bucket):
    shelf, whole = Shelf(bucket), Shelf(replace(bucket, prefix=""))
    shelf.put(NAME, b"content")
    whole.put("kurslisten/eins-und-noch-eins/x.csv", b"not ours")
    assert files(shelf) == [NAME]
    assert files(whole) == ["kurslisten/eins-und-noch-eins/x.csv", f"kurslisten/eins/{NAME}"]
    with pytest.raises(TypeError, match="no folder"):
        _ = shelf.root


def test_many_files_are_listed_page_by_page(bucket, monkeypatch):
    backing = BucketBacking(bucket)
    for number in range(5):
        backing.put(f"a/{number}", b"x", replacing=True)
    paginate = type(backing._client.get_paginator("list_objects_v2")).paginate
    monkeypatch.setattr(
        type(backing._client.get_paginator("list_objects_v2")),
        "paginate",
        lambda self, **given: paginate(self, **given, PaginationConfig={"PageSize": 2}),
    )
    assert [stored.name for stored in backing.names("a")] == [f"a/{number}" for number in range(5)]


def test_every_byte_that_is_sent_is_covered_by_a_sum(bucket):
    backing, sent = BucketBacking(bucket), []
    events = backing._client.meta.events

    def note(request, **_):
        sent.append(dict(request.headers))

    events.register("before-send.s3.PutObject", note)
    backing.put(NAME, b"content", replacing=False)
    events.unregister("before-send.s3.PutObject", note)
    digest = hashlib.sha256(b"content")
    (headers,) = sent
    assert headers["X-Amz-Content-SHA256"] == digest.hexdigest().encode()
    assert headers["If-None-Match"] == b"*"
    assert headers["x-amz-checksum-sha256"] == base64.b64encode(digest.digest())


def test_storage_without_conditions_is_used_too(bucket, monkeypatch):
    shelf = Shelf(bucket)
    client = BucketBacking(bucket)._client
    original = client.put_object

    def old(**given):
        if "IfNoneMatch" in given:
            answer = {"Error": {"Code": "NotImplemented", "Message": "A header you provided"}}
            raise client.exceptions.ClientError(answer, "PutObject")
        return original(**given)

    monkeypatch.setattr(client, "put_object", old)
    shelf.put(NAME, b"content")
    with pytest.raises(NameTakenError):
        shelf.put(NAME, b"other")
    assert shelf.read(NAME) == b"content"


def a_dead_address():
    """An address of this machine where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


@pytest.mark.parametrize("fault", ["dead", "no bucket", "no answer"])
@pytest.mark.logs_errors
def test_storage_that_fails_gives_an_error_in_words_and_soon(bucket, monkeypatch, fault, caplog):
    monkeypatch.setattr(shelf_bucket, "READ_S", 0.2)
    monkeypatch.setattr(shelf_bucket, "TRIES", 1)
    silent = socket.create_server(("127.0.0.1", 0))
    shelf = Shelf(
        {
            "dead": replace(bucket, endpoint=a_dead_address()),
            "no bucket": replace(bucket, name="nobody-has-this-bucket"),
            "no answer": replace(bucket, endpoint=f"http://127.0.0.1:{silent.getsockname()[1]}"),
        }[fault]
    )
    with silent:
        for rule, act in (
            (Rule.SHELF_NOT_WRITABLE, lambda: shelf.put(NAME, b"content")),
            (Rule.SHELF_NOT_WRITABLE, lambda: shelf.delete(NAME)),
            (Rule.SHELF_NOT_READABLE, lambda: shelf.read(NAME)),
            (Rule.SHELF_NOT_READABLE, lambda: list(shelf.names())),
        ):
            with pytest.raises(ShelfError) as failed:
                act()
            assert failed.value.rule is rule
        assert not shelf.is_writable()
    assert "the shelf failed at" in caplog.text


@pytest.mark.logs_errors
def test_a_bucket_that_goes_away_is_noticed_after_the_first_time(bucket):
    shelf = Shelf(bucket)
    assert shelf.is_writable()
    client = BucketBacking(bucket)._client
    client.delete_object(Bucket=bucket.name, Key=f"{bucket.prefix}/{shelf_bucket.PROBE}")
    client.delete_bucket(Bucket=bucket.name)
    assert not shelf.is_writable()
