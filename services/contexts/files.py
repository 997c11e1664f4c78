"""Files that hang on things: photos, contracts, certificates."""

from aggregates.files.attachments import Attachments
from aggregates.files.file import File
from commands.files import attachments
from services.contexts import Context

files = Context("files", kinds=(File, Attachments), commands=(attachments,))
