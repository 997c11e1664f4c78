"""Problems of files: what is wrong with one, or that there is no room for it."""

from collections.abc import Mapping

from services.api.problem_words import Kind, Words

OF_FILES: Mapping[str, Kind] = {
    "bad-file": Kind(
        422,
        Words("The file is not taken", "Send a photo, a PDF, a .docx or an .xlsx that is sound."),
        Words("不接受该文件", "请上传完好的照片、PDF、.docx 或 .xlsx 文件。"),
    ),
    "file-too-large": Kind(
        413,
        Words(
            "The file is too large",
            "Send at most {limit} bytes: make the photo smaller, or divide the document.",
        ),
        Words("文件过大", "最多上传 {limit} 字节：请缩小照片或拆分文档。"),
    ),
    "quota-reached": Kind(
        507,
        Words(
            "There is no room for the file",
            "{used} of {limit} bytes are used, and the file takes {size} more. Detach files that"
            " nobody needs, or ask an operator for more room.",
        ),
        Words(
            "没有空间存放该文件",
            "已使用 {used} 字节，上限 {limit} 字节，该文件还需 {size} 字节。"
            "请移除不需要的文件，或联系运维人员增加空间。",
        ),
    ),
    "file-lost": Kind(
        500,
        Words(
            "The content of the file cannot be found",
            "Tell an operator; `distributary files verify` says what is missing. Whoever has the"
            " file can upload it again.",
        ),
        Words(
            "找不到文件内容",
            "请联系运维人员；`distributary files verify` 会列出缺失的文件。"
            "持有该文件的人可以重新上传。",
        ),
    ),
    "no-file-store": Kind(
        503,
        Words(
            "The place where files are kept does not answer",
            "Send it again in a moment: a file that comes twice is kept once. Where it goes on,"
            " tell an operator; the log says what is wrong.",
        ),
        Words(
            "存放文件的位置没有响应",
            "请稍后重新发送：同一文件只会保存一次。若持续出现，请联系运维人员；日志中有具体原因。",
        ),
    ),
    "no-such-range": Kind(
        416,
        Words("There are no such bytes", "The file has {size} bytes: ask for some of those."),
        Words("没有这样的字节范围", "文件有 {size} 字节：请在此范围内请求。"),
    ),
}
