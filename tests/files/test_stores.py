"""A content that was put is there whole or not at all, in a folder as in S3."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.files import FileStore
from infra.files.folder import FileFolder

KEY = f"{'ab' * 32}.1"
OTHER = f"{'cd' * 32}.1"
LAST = 2**62
PUTS = """
import sys
from pathlib import Path
from infra.files.folder import FileFolder
folder = FileFolder(Path(sys.argv[1]))
print("ready", flush=True)
while True:
    folder.put(sys.argv[3], Path(sys.argv[2]))
"""


@pytest.fixture
def content(tmp_path: Path) -> Path:
    file = tmp_path / "sent"
    file.write_bytes(bytes(range(256)) * 4_000)
    return file


def test_what_was_put_is_read_in_any_part(store: FileStore, content: Path) -> None:
    store.put(KEY, content)
    sent = content.read_bytes()
    assert store.size(KEY) == len(sent)
    assert b"".join(store.read(KEY, 0, len(sent))) == sent
    assert b"".join(store.read(KEY, 700_000, 700_010)) == sent[700_000:700_010]
    assert b"".join(store.read(KEY, 5, 5)) == b""


def test_what_is_not_there_has_no_size_and_cannot_be_read(store: FileStore) -> None:
    assert store.size(KEY) is None
    with pytest.raises(FileNotFoundError):
        store.read(KEY, 0, 1)
    store.delete(KEY)


def test_what_was_deleted_is_gone_and_the_rest_stays(store: FileStore, content: Path) -> None:
    for key in (KEY, OTHER, f"{KEY}-thumbnail"):
        store.put(key, content)
    store.delete(KEY)
    assert sorted(one.key for one in store.every()) == [f"{KEY}-thumbnail", OTHER]
    assert {one.size for one in store.every()} == {content.stat().st_size}
    assert all(abs(one.since / 1e6 - time.time()) < 60 for one in store.every())


def test_the_same_may_be_put_again(store: FileStore, content: Path) -> None:
    store.put(KEY, content)
    store.put(KEY, content)
    assert len(list(store.every())) == 1


def test_a_key_is_no_path(store: FileStore, content: Path) -> None:
    for key in ("../../etc/passwd", f"../{KEY}", "", "ab"):
        with pytest.raises(ValueError, match="no key"):
            store.put(key, content)


@pytest.mark.parametrize("delay", [0.0, 0.003, 0.02])
def test_whoever_is_killed_while_putting_leaves_nothing_half_done(
    tmp_path: Path, content: Path, delay: float
) -> None:
    folder = FileFolder(tmp_path / "files")
    command = [sys.executable, "-c", PUTS, str(folder.root), str(content), KEY]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as putting:
        assert putting.stdout is not None
        assert putting.stdout.readline() == b"ready\n"
        time.sleep(delay)
        putting.send_signal(signal.SIGKILL)
    if (size := folder.size(KEY)) is not None:
        assert b"".join(folder.read(KEY, 0, size)) == content.read_bytes()
    folder.tidy(LAST)
    left = [file for file in folder.root.rglob("*") if file.is_file()]
    assert [file.name for file in left] == [KEY] * (size is not None)


def test_what_a_put_left_unfinished_is_removed_once_it_is_old(tmp_path: Path) -> None:
    folder = FileFolder(tmp_path)
    (folder.incoming() / "half").write_bytes(b"half")
    (folder.incoming() / "received").mkdir()
    assert folder.tidy(0) == 0
    assert folder.tidy(LAST) == 2
    assert list((tmp_path / "unfinished").iterdir()) == []


def test_what_goes_while_a_folder_is_looked_through_is_passed_over(
    tmp_path: Path, content: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, found = FileFolder(tmp_path / "files"), Path.glob

    def gone(self: Path, pattern: str) -> Iterator[Path]:
        for file in list(found(self, pattern)):
            file.unlink()
            yield file

    folder.put(KEY, content)
    (folder.incoming() / "begun").touch()
    monkeypatch.setattr(Path, "glob", gone)
    assert list(folder.every()) == []
    assert folder.tidy(LAST) == 0
