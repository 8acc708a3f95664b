"""A shelf in S3-compatible storage, which several servers can share. Nobody else knows boto3."""

import base64
import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, Final

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from kursliste.domain.errors import NotFoundError
from kursliste.infrastructure.shelf_parts import BackingError, Chunks, Stored
from kursliste.settings import Bucket

logging.getLogger("botocore").setLevel(logging.WARNING)  # it tells where it found each key

CONNECT_S: Final = 3
READ_S: Final = 10
TRIES: Final = 3
"""A storage that does not answer is given up after half a minute at most."""

PROBE: Final = ".probe"
MISSING: Final = frozenset({"404", "NoSuchKey", "NotFound"})
TAKEN: Final = frozenset({"409", "412", "ConditionalRequestConflict", "PreconditionFailed"})
NOT_OFFERED: Final = frozenset({"501", "NotImplemented"})


class BucketBacking:
    """Objects of a bucket below a prefix. An object is there whole or not at all by itself.

    Who may use the bucket is told to boto3 in its usual ways: ``AWS_ACCESS_KEY_ID`` and
    ``AWS_SECRET_ACCESS_KEY``, a profile, or the role of the machine.
    """

    def __init__(self, place: Bucket) -> None:
        self._place = place
        self._has_written = False

    @property
    def _client(self) -> Any:
        return self._patient(TRIES)

    def _patient(self, tries: int) -> Any:
        place = self._place
        return _client(place.endpoint, place.region, tries, is_path_style=place.is_path_style)

    def put(self, name: str, content: bytes, *, replacing: bool) -> None:
        if replacing:
            self._put(name, content)
            return
        try:
            self._put(name, content, IfNoneMatch="*")
        except _RefusedError as error:
            if error.code in TAKEN:
                raise FileExistsError(name) from error
            if error.code not in NOT_OFFERED:
                raise
            self._put(name, content)  # the caller has looked whether the name is free

    def _put(self, name: str, content: bytes, **condition: str) -> None:
        digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
        with _told():
            self._client.put_object(
                **self._object(name), Body=content, ChecksumSHA256=digest, **condition
            )

    def open(self, name: str, start: int, stop: int | None) -> Chunks:
        is_part = start > 0 or stop is not None
        span = {"Range": f"bytes={start}-{'' if stop is None else stop - 1}"} if is_part else {}
        with _told(name):
            answer = self._client.get_object(**self._object(name), **span)
        return Chunks(_Body(answer["Body"]))

    def find(self, name: str) -> Stored | None:
        try:
            with _told(name):
                answer = self._client.head_object(**self._object(name))
        except NotFoundError:
            return None
        return Stored(name, answer["ContentLength"], answer["LastModified"])

    def names(self, under: str) -> Iterator[Stored]:
        start = self._key(f"{under}/" if under else "")
        with _told():
            pages = self._client.get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self._place.name, Prefix=start):
                for found in page.get("Contents", ()):
                    name = found["Key"].removeprefix(self._key(""))
                    yield Stored(name, found["Size"], found["LastModified"])

    def delete(self, name: str) -> None:
        with _told():
            self._client.delete_object(**self._object(name))

    def try_out(self) -> None:
        """Write once in the life of this process; later only ask whether the bucket is there.

        A balancer asks every few seconds and does not wait; a bucket that keeps versions would
        keep them all.
        """
        client = self._patient(1)
        with _told():
            if self._has_written:
                client.head_bucket(Bucket=self._place.name)
            else:
                client.put_object(**self._object(PROBE), Body=b"")
                self._has_written = True

    def _object(self, name: str) -> dict[str, str]:
        return {"Bucket": self._place.name, "Key": self._key(name)}

    def _key(self, name: str) -> str:
        return f"{self._place.prefix}/{name}" if self._place.prefix else name


@lru_cache(maxsize=8)
def _client(endpoint: str, region: str, tries: int, *, is_path_style: bool) -> Any:
    """Return what speaks to a storage; it takes a while to make and serves many threads."""
    config = Config(
        connect_timeout=CONNECT_S,
        read_timeout=READ_S,
        retries={"mode": "standard", "total_max_attempts": tries},
        # Sums only where we send them ourselves: many storages know no other.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        s3={
            "addressing_style": "path" if is_path_style else "virtual",
            "payload_signing_enabled": True,
        },
    )
    session = boto3.session.Session()
    return session.client(
        "s3",
        endpoint_url=endpoint or None,
        region_name=region or session.region_name or "eu-central-1",
        config=config,
    )


class _Body:
    """The body of an answer, whose errors are ours."""

    def __init__(self, body: Any) -> None:
        self._body = body

    def read(self, count: int, /) -> bytes:
        with _told():
            piece: bytes = self._body.read(count)
            return piece

    def close(self) -> None:
        self._body.close()


class _RefusedError(BackingError):
    """The storage answered, and its answer is no."""

    def __init__(self, error: ClientError) -> None:
        super().__init__(str(error))
        self.code = str(error.response.get("Error", {}).get("Code", ""))


@contextmanager
def _told(name: str = "") -> Iterator[None]:
    """Turn boto3's errors into ours; a ``name`` that is missing is not found."""
    try:
        yield
    except ClientError as error:
        refused = _RefusedError(error)
        if name and refused.code in MISSING:
            raise NotFoundError(name) from error
        raise refused from error
    except BotoCoreError as error:
        raise BackingError(str(error)) from error
