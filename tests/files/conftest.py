"""Where the content of files is kept in tests: in a folder, and at a server that speaks S3."""

from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from infra.files import FileStore
from infra.files.folder import FileFolder
from infra.files.s3 import FileBucket


@pytest.fixture(scope="session")
def s3() -> Iterator[str]:
    """The address of a server that answers as S3 does."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(s3: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A bucket, and who may use it, as the environment says."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    boto3.client("s3", endpoint_url=s3).create_bucket(Bucket="contracts")
    return "contracts"


@pytest.fixture(params=["folder", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> FileStore:
    """The test runs once on each."""
    if request.param == "folder":
        return FileFolder(tmp_path / "files")
    bucket = request.getfixturevalue("bucket")
    return FileBucket(bucket, tmp_path.name, request.getfixturevalue("s3"))


@pytest.fixture(params=["sqlite", "postgres"])
def kind(request: pytest.FixtureRequest) -> str:
    """The test runs once on each kind of database."""
    return str(request.param)
