"""Contents in a bucket of S3, or of what speaks its protocol; needs the extra `s3`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from infra.files import CHUNK, StoredFile, StoreUnavailable, checked

MISSING = frozenset({"404", "NoSuchKey", "NotFound"})
TIMES = Config(connect_timeout=5, read_timeout=30, retries={"max_attempts": 4, "mode": "standard"})


class FileBucket:
    """The objects of a bucket below a prefix; credentials are found as boto3 finds them.

    S3 shows an object when all of it has come, so what is put is never seen in part.
    """

    def __init__(self, bucket: str, prefix: str, endpoint: str | None = None) -> None:
        self.bucket = bucket
        self.prefix = prefix.strip("/")
        self._client: Any = boto3.client("s3", endpoint_url=endpoint, config=TIMES)

    def put(self, key: str, source: Path) -> None:
        with _answered(key):
            self._client.upload_file(str(source), self.bucket, self._name(key))

    def incoming(self) -> None:
        return None

    def read(self, key: str, start: int, end: int) -> Iterator[bytes]:
        if start >= end:  # an empty range cannot be asked for
            return iter(())
        asked = {"Bucket": self.bucket, "Key": self._name(key)}
        with _answered(key):
            found = self._client.get_object(**asked, Range=f"bytes={start}-{end - 1}")
        chunks: Iterator[bytes] = found["Body"].iter_chunks(CHUNK)
        return chunks

    def size(self, key: str) -> int | None:
        try:
            with _answered(key):
                found = self._client.head_object(Bucket=self.bucket, Key=self._name(key))
        except FileNotFoundError:
            return None
        return int(found["ContentLength"])

    def delete(self, key: str) -> None:
        with _answered(key):
            self._client.delete_object(Bucket=self.bucket, Key=self._name(key))

    def every(self) -> Iterator[StoredFile]:
        pages = self._client.get_paginator("list_objects_v2")
        with _answered(self.prefix):
            for page in pages.paginate(Bucket=self.bucket, Prefix=f"{self.prefix}/"):
                for one in page.get("Contents", ()):
                    since = int(one["LastModified"].timestamp() * 1_000_000)
                    yield StoredFile(one["Key"].rpartition("/")[2], one["Size"], since)

    def tidy(self, before: int) -> int:
        """Give up the uploads in parts that never ended."""
        ended = 0
        pages = self._client.get_paginator("list_multipart_uploads")
        with _answered(self.prefix):
            for page in pages.paginate(Bucket=self.bucket, Prefix=f"{self.prefix}/"):
                for one in page.get("Uploads", ()):
                    if one["Initiated"].timestamp() * 1_000_000 < before:
                        what = {"Key": one["Key"], "UploadId": one["UploadId"]}
                        self._client.abort_multipart_upload(Bucket=self.bucket, **what)
                        ended += 1
        return ended

    def _name(self, key: str) -> str:
        return f"{self.prefix}/{checked(key)[:2]}/{key}"


@contextmanager
def _answered(key: str) -> Iterator[None]:
    """What is missing is told as in a folder; whatever else goes wrong may go well later."""
    try:
        yield
    except ClientError as error:
        if _is_missing(error):
            raise FileNotFoundError(key) from error
        raise StoreUnavailable(str(error)) from error
    except (BotoCoreError, Boto3Error) as error:
        raise StoreUnavailable(str(error)) from error


def _is_missing(error: ClientError) -> bool:
    return error.response.get("Error", {}).get("Code") in MISSING
