"""An S3 server on this machine, in this process."""

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final
from unittest.mock import patch

from kursliste.infrastructure.shelf_bucket import BucketBacking
from kursliste.settings import Bucket

KEYS: Final = {
    "AWS_ACCESS_KEY_ID": "tests",
    "AWS_SECRET_ACCESS_KEY": "not-secret-only-for-tests",
    "AWS_EC2_METADATA_DISABLED": "true",  # nothing is asked of a cloud
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
}


@contextmanager
def server() -> Iterator[str]:
    """Yield the address of a server that keeps everything in memory; the keys are set."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what others warn about while they are imported
        # Here and not above: it takes a second, and most tests need none of it.
        from moto.server import ThreadedMotoServer  # noqa: PLC0415
    with patch.dict(os.environ, KEYS):  # noqa: TID251 -- boto3 reads them, not the application
        running: Any = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
        running.start()
        try:
            host, port = running.get_host_and_port()
            yield f"http://{host}:{port}"
        finally:
            running.stop()


def make(place: Bucket) -> None:
    """Make the bucket anew; what an earlier test left in it is gone."""
    client = BucketBacking(place)._client
    with suppress(client.exceptions.NoSuchBucket):
        for found in client.list_objects_v2(Bucket=place.name).get("Contents", ()):
            client.delete_object(Bucket=place.name, Key=found["Key"])
        client.delete_bucket(Bucket=place.name)
    client.create_bucket(
        Bucket=place.name, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
    )
