"""Every problem the API can answer with: its status, and its words in each language."""

from collections.abc import Mapping

from services.api.problem_words import Kind, Words
from services.api.problems_of_access import ACCESS
from services.api.problems_of_files import OF_FILES

LANGUAGES = ("en", "zh-CN")


PROBLEMS: Mapping[str, Kind] = {
    **ACCESS,
    **OF_FILES,
    "not-found": Kind(
        404,
        Words("There is nothing here", "Check the address; GET / lists where to begin."),
        Words("此处没有内容", "请检查地址；GET / 列出了可用的入口。"),
    ),
    "figure-too-large": Kind(
        422,
        Words(
            "The sum is beyond 64 bits",
            "What you ask for adds up to more than 9,223,372,036,854,775,807, or to less than its"
            " opposite: ask for fewer days or a narrower filter, and look for an event whose amount"
            " was mistyped.",
        ),
        Words(
            "合计超出 64 位",
            "所查询的合计大于 9,223,372,036,854,775,807 或小于其相反数："
            "请缩短日期范围或收窄筛选条件，并检查是否有金额录入错误的事件。",
        ),
    ),
    "not-skipped": Kind(
        404,
        Words(
            "No such event is skipped",
            "Nothing of {stream} was skipped in {view}, or not the event that was named:"
            " GET /parked/skipped lists what is.",
        ),
        Words(
            "没有这样的已跳过事件",
            "{view} 没有跳过 {stream} 的任何事件，或没有跳过所指的那一个："
            "GET /parked/skipped 列出了所有跳过的事件。",
        ),
    ),
    "not-parked": Kind(
        404,
        Words(
            "No such event is parked",
            "Nothing of {stream} waits in {view}, or not the event that was named:"
            " GET /parked lists what does.",
        ),
        Words(
            "没有这样的搁置事件",
            "{view} 中没有 {stream} 的搁置事件，或没有所指的那一个："
            "GET /parked 列出了所有搁置的流。",
        ),
    ),
    "method-not-allowed": Kind(
        405,
        Words("This address answers to another method", "See /docs for the methods it takes."),
        Words("此地址不接受该方法", "它接受的方法见 /docs。"),
    ),
    "not-acceptable": Kind(
        406,
        Words(
            "Nothing of that kind can be had here",
            "This address answers as {offers}: send that in the header Accept, or leave it out.",
        ),
        Words(
            "此处无法提供这种格式",
            "此地址提供 {offers}：请在请求头 Accept 中填写其中之一，或不发送该请求头。",
        ),
    ),
    "missing-idempotency-key": Kind(
        400,
        Words(
            "An Idempotency-Key is needed",
            "Send the header Idempotency-Key with 1 to 200 visible ASCII characters, a new UUID"
            " for instance. Repeat the request with the same key and it takes effect once.",
        ),
        Words(
            "缺少 Idempotency-Key",
            "请发送请求头 Idempotency-Key，含 1 至 200 个可见 ASCII 字符，例如一个新的 UUID。"
            "用同一个键重复请求只会生效一次。",
        ),
    ),
    "invalid-header": Kind(
        400,
        Words("A header cannot be read", "{header} must be {wanted}."),
        Words("无法读取请求头", "{header} 必须是 {wanted}。"),
    ),
    "malformed-json": Kind(
        400,
        Words("The body is not JSON", "Reading stopped at character {character}: {reason}."),
        Words("请求体不是 JSON", "读取在第 {character} 个字符处停止：{reason}。"),
    ),
    "not-utf-8": Kind(
        400,
        Words(
            "The body is not UTF-8",
            "Byte {byte} is no UTF-8: save the file, or encode the request, as UTF-8 and not as"
            " GBK or another encoding.",
        ),
        Words(
            "请求体不是 UTF-8 编码",
            "第 {byte} 个字节不是 UTF-8：请把文件或请求保存为 UTF-8，而不是 GBK 等其他编码。",
        ),
    ),
    "nested-too-deeply": Kind(
        400,
        Words(
            "The JSON is nested too deeply",
            "Send fewer brackets within brackets: no command needs more than four.",
        ),
        Words("JSON 嵌套过深", "请减少括号的层数：任何命令都不需要超过四层。"),
    ),
    "unknown-parameter": Kind(
        400,
        Words(
            "There is no such query parameter",
            "Leave out {names}, or correct the spelling; nothing is silently passed over.",
        ),
        Words("没有这样的查询参数", "请去掉 {names} 或更正拼写；系统不会悄悄忽略任何参数。"),
    ),
    "invalid-parameter": Kind(
        400,
        Words("A parameter cannot be used", "Correct what `errors` lists."),
        Words("参数无法使用", "请更正 `errors` 中列出的内容。"),
    ),
    "invalid-cursor": Kind(
        400,
        Words(
            "The cursor belongs to another question",
            "Begin without a cursor, or use the `next` link with the filters it came from.",
        ),
        Words("游标属于另一个查询", "请不带游标重新开始，或以原来的筛选条件使用 `next` 链接。"),
    ),
    "unknown": Kind(
        404,
        Words("What the command names does not exist", "Create it first, or check its id."),
        Words("命令所指的对象不存在", "请先创建它，或检查其编号。"),
    ),
    "refused": Kind(
        409,
        Words(
            "A rule of the business says no",
            "The refusal {refusal} changed nothing. The answer says what was missing and what to"
            " do; mended, the same request may be sent again with the same key.",
        ),
        Words(
            "业务规则不允许",
            "拒绝 {refusal} 没有改变任何数据。答复会说明缺少什么、该怎么做；"
            "解决之后，可用同一个键重新发送同一请求。",
        ),
    ),
    "not-yet": Kind(
        409,
        Words(
            "The view has not come that far yet",
            "It has everything up to position {position}; asked for was {wanted}. Ask again in a"
            " moment, or let the request wait longer with `wait`.",
        ),
        Words(
            "视图尚未更新到该位置",
            "它已包含到位置 {position} 为止的全部内容；请求的是 {wanted}。请稍后再试，"
            "或用 `wait` 让请求等待更久。",
        ),
    ),
    "version-mismatch": Kind(
        412,
        Words(
            "Somebody else was faster",
            "{stream} is at version {version}, not {expected}. Read it again and decide anew.",
        ),
        Words(
            "已被他人抢先修改", "{stream} 的版本是 {version}，不是 {expected}。请重新读取后再决定。"
        ),
    ),
    "if-match-required": Kind(
        428,
        Words(
            "Say which version you have seen",
            '{stream} exists and is at version {version}. Send the header If-Match: "{version}",'
            " or If-Match: * to change it whatever its version.",
        ),
        Words(
            "请说明您所见的版本",
            '{stream} 已存在，版本为 {version}。请发送请求头 If-Match: "{version}"，'
            "或用 If-Match: * 不论版本直接修改。",
        ),
    ),
    "body-too-large": Kind(
        413,
        Words("The body is too large", "Send at most {limit} bytes; split a large batch."),
        Words("请求体过大", "最多发送 {limit} 字节；请拆分较大的批次。"),
    ),
    "preferences-too-large": Kind(
        413,
        Words(
            "An account cannot keep so many preferences",
            "All of them take {limit} bytes at most. Remove what is not needed, by null.",
        ),
        Words(
            "一个账号不能保存这么多偏好",
            "全部偏好最多占用 {limit} 字节。请用 null 删除不需要的内容。",
        ),
    ),
    "no-table": Kind(
        415,
        Words(
            "The body must be a file of CSV or XLSX",
            "Send the header Content-Type: text/csv, or"
            " application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.",
        ),
        Words(
            "请求体必须是 CSV 或 XLSX 文件",
            "请发送请求头 Content-Type: text/csv，或"
            " application/vnd.openxmlformats-officedocument.spreadsheetml.sheet。",
        ),
    ),
    "unsupported-media-type": Kind(
        415,
        Words("The body must be JSON", "Send the header Content-Type: application/json."),
        Words("请求体必须是 JSON", "请发送请求头 Content-Type: application/json。"),
    ),
    "invalid-body": Kind(
        422,
        Words("The request has faults", "Correct what `errors` lists, and send it again."),
        Words("请求有误", "请更正 `errors` 中列出的内容后重新发送。"),
    ),
    "unknown-command": Kind(
        422,
        Words("There is no such command", "{command} is none; /docs lists them all."),
        Words("没有这样的命令", "没有命令 {command}；/docs 列出了全部命令。"),
    ),
    "key-reused": Kind(
        422,
        Words(
            "The Idempotency-Key was used for another request",
            "Take a new key for a new request; repeat the old request exactly to see its outcome.",
        ),
        Words(
            "该 Idempotency-Key 已用于另一个请求",
            "新请求请使用新的键；原样重复旧请求可查看其结果。",
        ),
    ),
    "internal": Kind(
        500,
        Words(
            "Something is broken on our side",
            "Nothing is known of the outcome. Send it again with the same Idempotency-Key; if it"
            " stays, tell the operator.",
        ),
        Words(
            "服务器内部错误",
            "结果未知。请用同一个 Idempotency-Key 重新发送；若仍然失败，请联系运维人员。",
        ),
    ),
    "overloaded": Kind(
        503,
        Words(
            "Too many requests wait",
            "Try again in a moment, with the same Idempotency-Key.",
        ),
        Words("等待的请求过多", "请稍后用同一个 Idempotency-Key 重试。"),
    ),
    "unavailable": Kind(
        503,
        Words(
            "The database does not answer",
            "The outcome is unknown. Send it again in a moment, with the same Idempotency-Key:"
            " it takes effect once.",
        ),
        Words(
            "数据库没有响应",
            "结果未知。请稍后用同一个 Idempotency-Key 重新发送：它只会生效一次。",
        ),
    ),
    "timed-out": Kind(
        503,
        Words(
            "It took too long",
            "The request was given up after {seconds} seconds. Ask for less, or again in a moment;"
            " a command with the same Idempotency-Key.",
        ),
        Words(
            "处理时间过长",
            "请求在 {seconds} 秒后被放弃。请缩小范围或稍后再试；命令请用同一个 Idempotency-Key。",
        ),
    ),
    "ending": Kind(
        503,
        Words(
            "The server is ending",
            "It did not wait for the answer, and the outcome is unknown. Send it again in a"
            " moment, with the same Idempotency-Key: it takes effect once.",
        ),
        Words(
            "服务正在停止",
            "服务没有等到处理结果，结果未知。"
            "请稍后用同一个 Idempotency-Key 重新发送：它只会生效一次。",
        ),
    ),
    "too-many-streams": Kind(
        503,
        Words("Too many streams are open", "Close one, or try again in a moment."),
        Words("打开的事件流过多", "请关闭一个，或稍后再试。"),
    ),
    "too-many-exports": Kind(
        503,
        Words("Too many exports are being written", "Try again in a moment."),
        Words("正在进行的导出过多", "请稍后再试。"),
    ),
}


def language(accepted: str | None) -> str:
    """The language that an Accept-Language header likes best, of those we have."""
    best, weight = "en", 0.0
    for part in (accepted or "").split(","):
        tag, _, quality = part.strip().partition(";q=")
        liked = _weight(quality)
        known = {"zh": "zh-CN", "en": "en"}.get(tag.strip().lower().partition("-")[0])
        if known and liked > weight:
            best, weight = known, liked
    return best


def _weight(quality: str) -> float:
    try:
        return float(quality) if quality else 1.0
    except ValueError:
        return 0.0
