"""What nothing refers to is removed in time, and never what something refers to."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from api.conftest import Api, prepared, served
from api.test_files import attach, customer, digest, read, send
from files import samples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from originals import Originals

from services.files import cleaning, keeping, uploads, verifying
from services.files.cleaning import HOUR, Cleaned, clean
from services.files.keeping import IncomingFile

PDF = samples.PDF
NAMES = [f"{letter}.pdf" for letter in "abc"]


@pytest.fixture
def kept(kind: str, originals: Originals, tmp_path: Path) -> Iterator[Api]:
    with (
        originals.copied(kind, prepared) as url,
        served(url, files=str(tmp_path / "files")) as made,
    ):
        customer(made)
        yield made


def stored(api: Api) -> list[str]:
    return sorted(one.key.partition(".")[0] for one in api.platform.files.every())


def detach(api: Api, content: bytes) -> None:
    api.done("detach-file", kind="customer", id="C1", file=digest(content), reason="over")


def test_a_file_that_hangs_on_nothing_has_its_time_and_then_goes(kept: Api) -> None:
    send(kept, PDF, "a.pdf")
    assert clean(kept.platform, 1) == Cleaned()
    assert stored(kept) == [digest(PDF)]
    assert clean(kept.platform, 0) == Cleaned(files=1, bytes=len(PDF))
    assert stored(kept) == []
    assert read(kept, PDF).status_code == 404
    body = {"kind": "customer", "id": "C1", "file": digest(PDF), "file_name": "a.pdf"}
    assert kept.ask("attach-file", **body).json()["refusal"] == "Unknown"
    with kept.platform.database.read() as connection:
        assert uploads.used(connection, "main") == 0


def test_files_are_kept_and_removed_in_s3_as_in_a_folder(
    originals: Originals, bucket: str, s3: str
) -> None:
    place = {"files": f"s3://{bucket}/company", "files_endpoint": s3}
    photo = samples.taken_somewhere()
    with originals.copied("sqlite", prepared) as url, served(url, **place) as api:
        customer(api)
        send(api, photo)
        attach(api, photo, "customer", "C1")
        answer = read(api, photo, "customer/C1", range="bytes=100-299")
        assert (answer.status_code, answer.content) == (206, photo[100:300])
        thumbnail = f"/files/{digest(photo)}/thumbnail?of=customer/C1"
        assert api.client.get(thumbnail).status_code == 200
        assert not [one for one in verifying.verify(api.platform) if one.fault]
        detach(api, photo)
        assert clean(api.platform, 0) == Cleaned(files=1, bytes=len(photo))
        assert stored(api) == []


def test_a_file_that_hangs_on_something_stays(kept: Api) -> None:
    send(kept, PDF, "a.pdf")
    attach(kept, PDF, "customer", "C1", "a.pdf")
    assert clean(kept.platform, 0) == Cleaned()
    detach(kept, PDF)
    assert clean(kept.platform, 1) == Cleaned()
    assert clean(kept.platform, 0).files == 1


def test_what_was_removed_can_be_uploaded_again(kept: Api) -> None:
    for _ in range(3):
        send(kept, PDF, "a.pdf")
        assert clean(kept.platform, 0).files == 1
    send(kept, PDF, "a.pdf")
    attach(kept, PDF, "customer", "C1", "a.pdf")
    assert clean(kept.platform, 0).files == 0
    assert read(kept, PDF, "customer/C1").content == PDF


def test_another_upload_gives_a_file_its_time_anew(kept: Api) -> None:
    send(kept, PDF, "a.pdf")
    before = kept.platform.database.clock.now()
    send(kept, PDF, "a.pdf")
    assert list(cleaning._removed(kept.platform, before)) == []
    assert stored(kept) == [digest(PDF)]


def at(
    monkeypatch: pytest.MonkeyPatch, place: Any, name: str, meanwhile: Callable[[], Any]
) -> None:
    """Have something happen once, right before a function is called."""
    plain, done = getattr(place, name), []

    def stepped(*args: Any, **more: Any) -> Any:
        if not done:
            done.append(True)
            meanwhile()
        return plain(*args, **more)

    monkeypatch.setattr(place, name, stepped)


def test_what_is_attached_while_it_is_to_be_removed_stays(
    kept: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(kept, PDF, "a.pdf")
    attached = lambda: attach(kept, PDF, "customer", "C1", "a.pdf")  # noqa: E731
    at(monkeypatch, cleaning, "_discard", attached)
    assert clean(kept.platform, 0) == Cleaned()
    assert read(kept, PDF, "customer/C1").content == PDF


def test_what_is_uploaded_again_while_its_content_is_removed_is_kept(
    kept: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(kept, PDF, "a.pdf")

    def again() -> None:
        assert send(kept, PDF, "a.pdf").status_code == 201
        attach(kept, PDF, "customer", "C1", "a.pdf")

    at(monkeypatch, cleaning, "_remove", again)
    assert clean(kept.platform, 0).files == 1
    assert read(kept, PDF, "customer/C1").content == PDF
    assert not [one for one in verifying.verify(kept.platform) if one.fault]


def test_what_is_removed_while_it_is_uploaded_again_is_kept_as_another_copy(
    kept: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(kept, PDF, "a.pdf")
    at(monkeypatch, keeping, "_recorded", lambda: clean(kept.platform, 0))
    assert send(kept, PDF, "a.pdf").status_code == 201
    attach(kept, PDF, "customer", "C1", "a.pdf")
    assert read(kept, PDF, "customer/C1").content == PDF


def test_an_upload_that_ended_half_way_takes_no_room_in_the_end(
    kept: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def kill(*_: Any) -> None:
        raise Killed

    platform, place = kept.platform, Path(kept.platform.settings.files or "") / "sent"
    place.parent.mkdir(exist_ok=True)
    place.write_bytes(PDF)
    with monkeypatch.context() as patched:
        patched.setattr(keeping, "_recorded", kill)
        with pytest.raises(Killed):
            keeping.keep(platform, IncomingFile(place, digest(PDF), len(PDF)), "a.pdf", "li")
    assert read(kept, PDF).status_code == 404
    assert clean(platform, 0) == Cleaned()
    later = platform.database.clock.now() + HOUR
    assert cleaning._unfinished(platform, later) == 1
    assert stored(kept) == []
    send(kept, PDF, "a.pdf")
    assert read(kept, PDF).content == PDF


steps = st.lists(
    st.tuples(st.sampled_from(["upload", "attach", "detach", "clean"]), st.sampled_from(NAMES)),
    max_size=12,
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(todo=st.lists(steps, min_size=2, max_size=3))
def test_whatever_many_do_at_once_what_hangs_somewhere_can_be_read(
    kept: Api, todo: list[list[tuple[str, str]]]
) -> None:
    """Each in a thread of its own: no order of theirs loses what is attached."""
    faults: list[BaseException] = []

    def run(some: list[tuple[str, str]]) -> None:
        try:
            for what, name in some:
                _do(kept, what, name)
        except BaseException as error:  # noqa: BLE001 - told to the test
            faults.append(error)

    threads = [threading.Thread(target=run, args=(some,)) for some in todo]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not faults
    for one in kept.get("/customers/C1/files")["data"]:
        answer = kept.client.get(f"/files/{one['digest']}?of=customer/C1")
        assert (answer.status_code, answer.content) == (200, content(one["file_name"]))
    assert not [one for one in verifying.verify(kept.platform) if one.fault]


def content(name: str) -> bytes:
    return PDF + f"%{name}\n".encode()


def _do(api: Api, what: str, name: str) -> None:
    body = {"kind": "customer", "id": "C1", "file": digest(content(name))}
    match what:
        case "upload":
            assert send(api, content(name), name).status_code == 201
        case "attach":
            assert api.ask("attach-file", file_name=name, **body).status_code in {200, 201, 404}
        case "detach":
            assert api.ask("detach-file", reason="over", **body).status_code in {200, 404}
        case "clean":
            clean(api.platform, 0)


def test_what_was_lost_or_changed_is_found(kept: Api) -> None:
    photo = samples.image()
    for sent, name in ((PDF, "a.pdf"), (content("b.pdf"), "b.pdf"), (photo, "c.jpg")):
        send(kept, sent, name)
    assert not [one for one in verifying.verify(kept.platform) if one.fault]
    files = kept.platform.files
    files.delete(keeping.key(digest(PDF), 1))
    files.delete(keeping.thumbnail_key(digest(photo), 1))
    place = next(Path(kept.platform.settings.files or "").rglob(f"{digest(content('b.pdf'))}.1"))
    place.write_bytes(content("x.pdf"))
    found = {
        one.fault.digest: one.fault.fault for one in verifying.verify(kept.platform) if one.fault
    }
    assert found == {
        digest(PDF): "lost",
        digest(photo): "lost",
        digest(content("b.pdf")): "changed",
    }
