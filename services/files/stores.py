"""Which store keeps the content of files, as the settings say."""

from infra.files import FileStore
from infra.files.folder import FileFolder
from infra.settings import Settings

NO_BOTO3 = (
    "boto3 is not installed: add the extra, pip install 'distributary[s3]',"
    " or set DISTRIBUTARY_FILES to a folder"
)


def of(settings: Settings) -> FileStore:
    """Each log has a folder, or a prefix, of its own."""
    if settings.bucket is None:
        return FileFolder(settings.files_folder / settings.log)
    try:
        from infra.files.s3 import FileBucket  # here: boto3 is an extra
    except ModuleNotFoundError as error:
        if error.name not in {"boto3", "botocore"}:
            raise
        raise SystemExit(NO_BOTO3) from None
    bucket, prefix = settings.bucket
    return FileBucket(bucket, f"{prefix}/{settings.log}", settings.files_endpoint)
