"""Files are read by whoever may see what they hang on, and by nobody else."""

import hashlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from api.conftest import Api, prepared, served
from api.test_access_commands import Company
from api.test_access_reads import get
from files import samples
from httpx2 import Response
from originals import Originals
from PIL import Image

from services.files import keeping
from services.local.process import free_port

PHOTO = samples.taken_somewhere()
PDF = samples.PDF


@pytest.fixture
def kept(kind: str, originals: Originals, tmp_path: Path) -> Iterator[Api]:
    """An API whose files are in a folder of the test's own, on each kind of database."""
    room = {"file_limit": 20_000, "file_quota": 45_000, "file_quota_account": 30_000}
    with (
        originals.copied(kind, prepared) as url,
        served(url, files=str(tmp_path / "files"), **room) as made,
    ):
        yield made


@pytest.fixture
def company(kept: Api) -> Company:
    return Company(kept)


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def send(api: Api, content: bytes, name: str = "photo.jpg", who: str | None = None) -> Response:
    headers = {"Authorization": f"Bearer {who}"} if who else {}
    return api.client.post("/files", params={"name": name}, content=content, headers=headers)


def attach(api: Api, content: bytes, kind: str, id: str, name: str = "photo.jpg") -> dict[str, Any]:
    return api.done("attach-file", kind=kind, id=id, file=digest(content), file_name=name)


def read(api: Api, content: bytes, of: str | None = None, **headers: str) -> Response:
    params = {} if of is None else {"of": of}
    return api.client.get(f"/files/{digest(content)}", params=params, headers=headers)


def customer(api: Api) -> None:
    api.done("hire-rep", id="li", name="Li", department="east", region="east")
    api.done("register-customer", id="C1", name="Shop", customer_kind="retailer", owner="li")


@pytest.mark.capability("FW-07")
def test_a_photo_of_a_visit_hangs_on_it_and_shows_that_somebody_was_there(company: Company) -> None:
    api = company.api
    visit = {"title": "Tasting", "appointment_kind": "visit", "owner": "li", "customer": "D-li"}
    when = {"starts_at": "2026-03-03T10:00:00Z", "ends_at": "2026-03-03T11:00:00Z"}
    api.done("plan-appointment", id="A1", **visit, **when)
    assert send(api, PHOTO, who=company.key("li")).status_code == 201
    photo = {"kind": "appointment", "id": "A1", "file": digest(PHOTO), "file_name": "门头.jpg"}
    assert company.ask("li", "attach-file", **photo).status_code == 201
    held = {"id": "A1", "result": "They order", "check_in": digest(PHOTO)}
    assert company.ask("li", "hold-appointment", **held).is_success
    api.feed()
    (found,) = get(company, "mei", "/appointments/A1/files").json()["data"]
    shown = get(company, "mei", "/appointments/A1").json()["data"]
    assert shown["check_in"] == found["digest"] == digest(PHOTO)
    assert get(company, "wu", "/appointments/A1/files").status_code == 404


def test_a_photo_is_uploaded_attached_and_read(kept: Api) -> None:
    customer(kept)
    sent = send(kept, PHOTO)
    assert sent.status_code == 201, sent.text
    shape = {
        "digest": digest(PHOTO),
        "file_name": "photo.jpg",
        "media_type": "image/jpeg",
        "size": len(PHOTO),
        "has_thumbnail": True,
    }
    assert sent.json() == shape
    attach(kept, PHOTO, "customer", "C1", "门头.jpg")
    listed = kept.get("/customers/C1/files")["data"]
    assert listed == [{**shape, "file_name": "门头.jpg", "note": None}]
    answer = read(kept, PHOTO, "customer/C1")
    assert (answer.status_code, answer.content) == (200, PHOTO)
    assert answer.headers["content-type"] == "image/jpeg"
    assert "filename*=UTF-8''%E9%97%A8%E5%A4%B4.jpg" in answer.headers["content-disposition"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]


def test_a_thumbnail_is_small_and_tells_no_place(kept: Api) -> None:
    customer(kept)
    send(kept, PHOTO)
    attach(kept, PHOTO, "customer", "C1")
    path = f"/files/{digest(PHOTO)}/thumbnail"
    answer = kept.client.get(path, params={"of": "customer/C1"})
    assert answer.status_code == 200
    with Image.open(io.BytesIO(answer.content)) as small:
        assert max(small.size) == 320
        assert not small.getexif()
    accepted = {"Accept": "image/avif, image/*"}
    assert kept.client.get(path, params={"of": "customer/C1"}, headers=accepted).is_success


def test_part_of_a_file_can_be_asked_for_and_none_of_what_the_asker_has(kept: Api) -> None:
    send(kept, PDF, "contract.pdf")
    part = read(kept, PDF, range="bytes=5-9")
    assert (part.status_code, part.content) == (206, PDF[5:10])
    assert part.headers["content-range"] == f"bytes 5-9/{len(PDF)}"
    assert read(kept, PDF, range="bytes=-6").content == PDF[-6:]
    assert read(kept, PDF, range="bytes=60-").content == PDF[60:]
    beyond = read(kept, PDF, range=f"bytes={len(PDF)}-")
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{len(PDF)}")
    tag = part.headers["etag"]
    assert read(kept, PDF, **{"if-none-match": tag}).status_code == 304
    assert read(kept, PDF, range="bytes=5-9", **{"if-range": tag}).status_code == 206
    assert read(kept, PDF, range="bytes=5-9", **{"if-range": '"other"'}).status_code == 200


def test_the_timeline_of_a_thing_shows_what_was_attached_and_detached(kept: Api) -> None:
    customer(kept)
    send(kept, PDF, "contract.pdf")
    attach(kept, PDF, "customer", "C1", "contract.pdf")
    kept.done("detach-file", kind="customer", id="C1", file=digest(PDF), reason="wrong one")
    kept.feed()
    found = kept.get("/customers/C1/timeline")["data"]
    assert [one["type"] for one in found] == ["FileDetached", "FileAttached", "CustomerRegistered"]
    assert kept.get("/customers/C1/files")["data"] == []
    assert read(kept, PDF, "customer/C1").status_code == 404


@pytest.mark.parametrize("kind", ["sqlite"])
def test_a_name_that_does_not_fit_the_content_is_refused(kept: Api) -> None:
    customer(kept)
    wrong = send(kept, PHOTO, "contract.pdf")
    assert (wrong.status_code, wrong.json()["type"]) == (422, "/problems/bad-file")
    assert "image/jpeg by its content" in wrong.json()["detail"]
    send(kept, PHOTO)
    body = {"kind": "customer", "id": "C1", "file": digest(PHOTO)}
    answer = kept.ask("attach-file", file_name="run.exe", **body)
    assert (answer.status_code, answer.json()["refusal"]) == (409, "WrongName")
    for name in ("../a.jpg", "a\u202egpj.exe", "a\nb.jpg", ".jpg"):
        assert kept.ask("attach-file", file_name=name, **body).status_code == 422


@pytest.mark.parametrize("kind", ["sqlite"])
def test_what_is_not_taken_is_refused_in_both_languages(kept: Api) -> None:
    page = b"<html><script>alert(1)</script></html>"
    headers = {"Accept-Language": "zh-CN"}
    answer = kept.client.post("/files?name=a.jpg", content=page, headers=headers)
    assert (answer.status_code, answer.json()["title"]) == (422, "不接受该文件")
    assert "请上传以下类型之一" in answer.json()["detail"]
    assert send(kept, samples.bomb(), "bomb.png").status_code == 422


@pytest.mark.parametrize("kind", ["sqlite"])
def test_a_file_beyond_the_limit_is_refused_however_it_is_sent(kept: Api) -> None:
    large = PHOTO + bytes(20_000)
    answer = send(kept, large)
    assert (answer.status_code, answer.json()["limit"]) == (413, 20_000)
    in_pieces = kept.client.post(
        "/files?name=a.jpg", content=iter([large[:15_000], large[15_000:]])
    )
    assert in_pieces.json()["type"] == "/problems/file-too-large"


def padded(number: int, size: int) -> bytes:
    return PDF + b"%" + str(number).encode() * (size - len(PDF) - 1)


def test_an_account_and_all_together_keep_no_more_than_their_room(kept: Api) -> None:
    first, second = padded(1, 19_000), padded(2, 19_000)
    assert send(kept, first, "a.pdf").status_code == 201
    assert send(kept, first, "again.pdf").status_code == 201
    full = send(kept, second, "b.pdf")
    assert full.status_code == 507
    assert full.json()["detail"].startswith("tester has 19000 of 30000 bytes, and the file takes")
    company = Company(kept)
    other = company.key("li")
    assert send(kept, first, "same.pdf", other).status_code == 201
    assert send(kept, padded(3, 10_000), "c.pdf", other).status_code == 201
    full = send(kept, padded(4, 12_000), "d.pdf")
    assert full.json()["detail"].startswith("tester has 19000 of 30000 bytes")
    assert send(kept, padded(5, 11_000), "e.pdf").status_code == 201
    full = send(kept, padded(6, 6_000), "f.pdf", company.key("wu"))
    assert full.json()["detail"].startswith("All files together have 40000 of 45000 bytes")


def test_nobody_reads_or_attaches_what_only_somebody_else_has_sent(company: Company) -> None:
    api = company.api
    li, wu = company.key("li"), company.key("wu")
    assert send(api, PDF, "a.pdf", li).status_code == 201
    path, as_wu = f"/files/{digest(PDF)}", {"Authorization": f"Bearer {wu}"}
    assert api.client.get(path, headers=as_wu).status_code == 404
    assert api.client.get(path, headers={"Authorization": f"Bearer {li}"}).status_code == 200
    body = {"kind": "customer", "id": "D-wu", "file": digest(PDF), "file_name": "a.pdf"}
    status, detail = company.says("wu", "attach-file", **body)
    assert (status, detail[:13]) == (404, "There is no f")
    assert send(api, PDF, "a.pdf", wu).status_code == 201
    assert company.says("wu", "attach-file", **body)[0] == 201


def test_a_file_is_seen_by_whoever_sees_what_it_hangs_on(company: Company) -> None:
    api, name = company.api, digest(PDF)
    assert send(api, PDF, "a.pdf", company.key("li")).status_code == 201
    body = {"kind": "customer", "file": name, "file_name": "a.pdf"}
    assert company.says("li", "attach-file", id="D-wu", **body)[0] == 404
    assert company.says("li", "attach-file", id="D-li", **body)[0] == 201
    api.feed()

    def seen(who: str) -> set[int]:
        headers = {"Authorization": f"Bearer {company.key(who)}"}
        paths = (
            f"/files/{name}?of=customer/D-li",
            "/customers/D-li/files",
            "/streams/attachments-customer:D-li",
        )
        return {api.client.get(path, headers=headers).status_code for path in paths}

    assert seen("li") == seen("mei") == seen("shop") == {200}
    assert seen("wu") == {404}
    headers = {"Authorization": f"Bearer {company.key('li')}"}
    assert api.client.get(f"/files/{name}", headers=headers).status_code == 404
    for who, there in (("li", True), ("wu", False)):
        headers = {"Authorization": f"Bearer {company.key(who)}"}
        found = api.client.get("/events?type=FileAttached", headers=headers).json()["data"]
        assert bool(found) == there


@pytest.mark.parametrize("kind", ["sqlite"])
def test_whoever_may_not_read_a_kind_hangs_nothing_on_it(company: Company) -> None:
    send(company.api, PDF, "a.pdf", company.key("shop"))
    body = {"file": digest(PDF), "file_name": "a.pdf", "kind": "department", "id": "east"}
    assert company.says("shop", "attach-file", **body)[0] == 403


@pytest.mark.parametrize("kind", ["sqlite"])
def test_files_hang_on_what_exists_and_is_looked_up(kept: Api) -> None:
    send(kept, PDF, "a.pdf")
    body = {"file": digest(PDF), "file_name": "a.pdf"}
    assert kept.ask("attach-file", kind="order", id="O1", **body).json()["refusal"] == "Unknown"
    answer = kept.ask("attach-file", kind="stock", id="O1", **body)
    assert answer.json()["refusal"] == "NoFilesHere"
    kept.done("register-warehouse", id="WH", name="Main")
    kept.done("attach-file", kind="warehouse", id="WH", **body)
    assert len(kept.get("/warehouses/WH/files")["data"]) == 1
    other = kept.ask("attach-file", kind="warehouse", id="WH", file="0" * 64, file_name="a.pdf")
    assert other.json()["refusal"] == "Unknown"


@pytest.mark.parametrize("kind", ["sqlite"])
def test_a_content_that_is_lost_is_told_and_healed_by_the_next_upload(kept: Api) -> None:
    send(kept, PDF, "a.pdf")
    kept.platform.files.delete(keeping.key(digest(PDF), 1))
    lost = read(kept, PDF)
    assert (lost.status_code, lost.json()["type"]) == (500, "/problems/file-lost")
    send(kept, PDF, "a.pdf")
    assert read(kept, PDF).content == PDF


@pytest.mark.parametrize("place", ["s3", "folder"])
def test_where_files_cannot_be_kept_is_told_and_what_hangs_there_stays(
    place: str, originals: Originals, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    no_folder = tmp_path / "files"
    no_folder.touch()
    nobody = {"files": "s3://bucket/files", "files_endpoint": f"http://127.0.0.1:{free_port()}"}
    where = nobody if place == "s3" else {"files": str(no_folder)}
    with originals.copied("sqlite", prepared) as url:
        with served(url, files=str(tmp_path / "others")) as well:
            send(well, PDF, "a.pdf")
            customer(well)
            attach(well, PDF, "customer", "C1", "a.pdf")
        with served(url, **where) as api:
            for answer in (send(api, PHOTO), read(api, PDF, "customer/C1")):
                assert (answer.status_code, answer.json()["type"]) == (
                    503,
                    "/problems/no-file-store",
                )
                assert answer.headers["Retry-After"]
            assert [one["file_name"] for one in api.get("/customers/C1/files")["data"]] == ["a.pdf"]
