"""The types of files that are taken, and how their names end."""

from collections.abc import Mapping

from aggregates import Refused

EXTENSIONS: Mapping[str, tuple[str, ...]] = {
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "image/webp": (".webp",),
    "application/pdf": (".pdf",),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": (".docx",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": (".xlsx",),
}
IMAGES = frozenset(media_type for media_type in EXTENSIONS if media_type.startswith("image/"))


class WrongName(Refused):
    """The name of a file ends as its content says."""


def check_name(file_name: str, media_type: str) -> None:
    """Refuse a name that would have a program open the file as something that it is not."""
    endings = EXTENSIONS[media_type]
    if not file_name.lower().endswith(endings):
        either, or_zh = " or ".join(endings), " 或 ".join(endings)
        raise WrongName(
            f"{file_name} is {media_type} by its content: give it a name that ends with {either}.",
            f"{file_name} 的内容是 {media_type}：请使用以 {or_zh} 结尾的文件名。",
        )
