"""What hangs on a thing was uploaded, ends as its content says, and is discarded by nobody."""

import pytest
from scenario import World

from aggregates import ReferenceTaken, Unknown
from aggregates.customers.customer import CustomerRegistered
from aggregates.files.attachments import MOST, Attachments, FileAttached, FileDetached, TooManyFiles
from aggregates.files.file import CopyGone, File, FileDiscarded, FileUploaded
from aggregates.files.media_types import WrongName
from aggregates.mentions import mentions
from commands.files.attachments import AttachFile, DetachFile, NoFilesHere
from commands.files.content import DiscardFile, NoteUpload, StillAttached

PHOTO, CONTRACT = "ab" * 32, "cd" * 32
attach = AttachFile(kind="customer", id="C1", file=PHOTO, file_name="a.png")
detach = DetachFile(kind="customer", id="C1", file=PHOTO, reason="old")
ATTACHED = FileAttached(PHOTO, "a.png", "image/png", 9)


def upload(digest: str = PHOTO, copy: int = 1, account: str = "li") -> NoteUpload:
    return NoteUpload(id=digest, media_type="image/png", size=9, account=account, copy_number=copy)


def discard(copy: int = 1) -> DiscardFile:
    return DiscardFile(id=PHOTO, copy_number=copy)


@pytest.fixture
def world() -> World:
    registered = CustomerRegistered("Shop", "retailer", "li", "east", "east", None, None, None)
    made = World({"customer-C1": (registered,)})
    made.ask(upload())
    return made


def test_a_file_hangs_on_a_thing_once(world: World) -> None:
    assert world.ask(attach) == (ATTACHED,)
    assert world.ask(attach) == ()
    world.refuses(attach.model_copy(update={"file_name": "b.png"}), ReferenceTaken)


def test_what_was_detached_can_be_attached_again(world: World) -> None:
    assert world.ask(attach, detach) == (FileDetached(PHOTO, "old"),)
    assert world.ask(detach) == ()
    assert world.ask(attach) == (ATTACHED,)
    assert world.ask(detach) == (FileDetached(PHOTO, "old"),)


def test_what_does_not_hang_there_cannot_be_detached(world: World) -> None:
    world.refuses(detach, Unknown)


def test_a_file_that_was_not_uploaded_hangs_on_nothing(world: World) -> None:
    world.refuses(attach.model_copy(update={"file": CONTRACT}), Unknown)


def test_the_name_of_a_file_ends_as_its_content_says(world: World) -> None:
    said = world.refuses(attach.model_copy(update={"file_name": "a.pdf"}), WrongName)
    assert ".png" in said


def test_files_hang_on_things_that_exist_and_are_looked_up(world: World) -> None:
    world.refuses(attach.model_copy(update={"id": "C2"}), Unknown)
    world.refuses(attach.model_copy(update={"kind": "register"}), NoFilesHere)
    world.refuses(attach.model_copy(update={"kind": "nothing"}), NoFilesHere)


def test_no_more_files_hang_on_a_thing_than_anybody_finds() -> None:
    events = [FileAttached(f"{n:064x}", "a.png", "image/png", 1) for n in range(MOST)]
    full = Attachments.after(events)
    with pytest.raises(TooManyFiles, match=f"{MOST} files hang on it"):
        list(full.attach(PHOTO, full.files[f"{0:064x}"]))


def test_an_attachment_mentions_the_thing_and_the_file() -> None:
    found = set(mentions(Attachments, "customer:C1", ATTACHED))
    assert found == {("customer", "C1"), ("file", PHOTO)}


def test_what_hangs_on_something_is_not_discarded(world: World) -> None:
    world.ask(attach)
    world.refuses(discard(), StillAttached)
    world.ask(detach)
    assert world.ask(discard()) == (FileDiscarded(1),)
    assert world.ask(discard()) == ()
    world.refuses(attach, Unknown)


def test_a_copy_that_was_discarded_is_never_taken_up_again(world: World) -> None:
    world.ask(discard())
    world.refuses(upload(copy=1), CopyGone)
    assert world.ask(upload(copy=2)) == (FileUploaded("image/png", 9, "li", 2),)
    assert world.ask(discard(1)) == ()


def test_a_copy_that_is_being_uploaded_can_be_discarded_before_it_is_recorded(
    world: World,
) -> None:
    world.ask(discard())
    assert world.ask(discard(2)) == (FileDiscarded(2),)
    world.refuses(upload(copy=2), CopyGone)
    world.refuses(discard(9), CopyGone)


def test_whoever_uploads_the_same_is_known_by_it_too(world: World) -> None:
    world.ask(upload(account="wu"))
    file: File = world.load(File, PHOTO)
    assert file.uploaders == ("li", "wu")
