"""What is wrong with a field or a parameter, in English and in Chinese."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from commands.fields import WRITTEN
from services import labels
from services.labels import LANGUAGES

Words = tuple[str, str]
"""In English and in Chinese."""

PATTERNS: Mapping[str, Words] = {
    "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$": (
        "Write 1 to 64 letters (A to Z), digits, dots, hyphens or underscores, beginning with a"
        " letter or a digit",
        "请填写 1 至 64 个英文字母、数字、点、连字符或下划线，并以字母或数字开头",
    ),
    "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}(:[A-Za-z0-9][A-Za-z0-9._-]{0,63}){0,2}$": (
        "Write the id of the loss, or its shipment, item and receipt with colons: S1:tea:A",
        "请填写丢失记录的编号，或用冒号连接的发货单、商品和收货单：S1:tea:A",
    ),
    "^[0-9a-f]{64}$": (
        "Write the SHA-256 of the content: 64 digits and letters from a to f",
        "请填写内容的 SHA-256：64 位数字和 a 至 f 的小写字母",
    ),
    "^[a-z_]{1,40}:[A-Za-z0-9][A-Za-z0-9._-]{0,63}:[1-9][0-9]{0,5}$": (
        "Write the kind of the document, its id and the number of the round: order:SO-1:1",
        "请填写单据类型、单据编号和轮次：order:SO-1:1",
    ),
    "^(report:)?[A-Za-z0-9][A-Za-z0-9._-]{0,63}$": (
        "Write the reference as it was entered, or report: and the id of a dealer's report",
        "请填写录入时的凭证号，或 report: 加经销商上报单的编号",
    ),
    "^[A-Z]{3}$": ("Write the three letters of ISO 4217: CNY", "请填写三个大写字母的货币代码：CNY"),
    r"^[\x21-\x7e]{1,200}$": (
        "Write 1 to 200 visible ASCII characters",
        "请填写 1 至 200 个可见 ASCII 字符",
    ),
    WRITTEN: (
        "Leave out control characters: only line breaks and tabs are taken",
        "请去掉控制字符：只接受换行符和制表符",
    ),
    r"^[^\x00]*$": ("Leave out the NUL character", "请去掉 NUL 字符"),
    r"^[^\x00]+$": ("Leave out the NUL character", "请去掉 NUL 字符"),
}
"""What a text must be like, for people."""

ENGLISH: Mapping[str, str] = {
    "extra_forbidden": "There is no such field: leave it out, or correct the spelling",
    "int_type": "Write a whole number, without quotation marks or a fraction",
    "bool_type": "Write true or false, without quotation marks",
    "too_short": "At least {min_length} are needed, and {actual_length} are here",
    "too_long": "At most {max_length} are allowed",
    "greater_than": "Write more than {gt}",
    "greater_than_equal": "Write {ge} or more",
    "less_than": "Write less than {lt}",
    "less_than_equal": "Write {le} or less",
    "literal_error": "Write one of {expected}",
}
"""Where pydantic's own words do not say what to do."""

CHINESE: Mapping[str, str] = {
    "missing": "此项必填",
    "extra_forbidden": "没有这个字段，请去掉或更正拼写",
    "json_type": "请填写 JSON",
    "model_type": "请填写 JSON 对象",
    "model_attributes_type": "请填写 JSON 对象",
    "dict_type": "请填写 JSON 对象",
    "list_type": "请填写 JSON 数组",
    "tuple_type": "请填写 JSON 数组",
    "invalid_key": "字段名必须是文本",
    "none_required": "请填写 null",
    "string_type": "请填写文本",
    "string_unicode": "文本中含有无效的 Unicode 字符",
    "string_too_short": "至少填写 {min_length} 个字符",
    "string_too_long": "最多填写 {max_length} 个字符",
    "string_pattern_mismatch": "文本必须符合 {pattern}",
    "int_type": "请填写整数，不加引号，不带小数",
    "int_parsing": "请填写整数",
    "int_parsing_size": "整数位数过多",
    "int_from_float": "请填写整数，不带小数",
    "float_type": "请填写数字",
    "float_parsing": "请填写数字",
    "finite_number": "请填写有限的数字",
    "bool_type": "请填写 true 或 false，不加引号",
    "bool_parsing": "请填写 true 或 false",
    "greater_than": "必须大于 {gt}",
    "greater_than_equal": "必须大于或等于 {ge}",
    "less_than": "必须小于 {lt}",
    "less_than_equal": "必须小于或等于 {le}",
    "multiple_of": "必须是 {multiple_of} 的倍数",
    "too_short": "至少需要 {min_length} 项，现有 {actual_length} 项",
    "too_long": "最多允许 {max_length} 项",
    "literal_error": "请填写其中之一：{expected}",
    "date_type": "请填写日期，例如 2026-01-05",
    "date_parsing": "没有这一天：请填写日期，例如 2026-01-05",
    "date_from_datetime_parsing": "没有这一天：请填写日期，例如 2026-01-05",
    "date_from_datetime_inexact": "请只填写日期，不带时间，例如 2026-01-05",
    "datetime_type": "请填写时间，例如 2026-01-05T09:30:00+08:00",
    "datetime_parsing": "没有这个时间：请填写时间，例如 2026-01-05T09:30:00+08:00",
    "datetime_object_invalid": "没有这个时间：请填写时间，例如 2026-01-05T09:30:00+08:00",
    "datetime_from_date_parsing": "没有这个时间：请填写时间，例如 2026-01-05T09:30:00+08:00",
    "timezone_aware": "请带上时区偏移，例如 2026-01-05T09:30:00+08:00",
    "recursion_loop": "数据引用了自身",
    "recursion_depth_exceeded": "JSON 嵌套过深",
}
"""By pydantic's types of error; a rule of our own brings its Chinese along."""

JSON: Mapping[str, str] = {
    "Expecting value": "此处应有值",
    "Expecting property name enclosed in double quotes": "此处应有双引号括起的字段名",
    "Expecting ':' delimiter": "此处应有冒号",
    "Expecting ',' delimiter": "此处应有逗号",
    "Unterminated string starting at": "文本从此处开始，没有结束的引号",
    "Invalid control character at": "此处有未转义的控制字符",
    "Invalid \\escape": "此处的转义无效",
    "Invalid \\uXXXX escape": "此处的 \\uXXXX 转义无效",
    "Extra data": "此处多出内容",
    "Illegal trailing comma before end of object": "对象末尾多出逗号",
    "Illegal trailing comma before end of array": "数组末尾多出逗号",
}
"""By what Python's reader of JSON stops at."""


class Fault(NamedTuple):
    """`where` is a JSON Pointer into the body, or a parameter's name.

    `field` is what it is about, as labels are looked up.
    """

    where: Mapping[str, str]
    code: str
    words: Words
    field: str | None = None

    def shown(self, language: int) -> dict[str, str]:
        told = {**self.where, "message": self.words[language], "code": self.code}
        if self.field is None or not labels.written("field", self.field, "zh-CN"):
            return told  # what has no label is no field
        return {**told, "label": labels.of("field", self.field, LANGUAGES[language])}


def without_consequences(errors: Sequence[Any]) -> list[Any]:
    """Pydantic counts members that are wrong as missing, and says so of the list as well."""
    places = [tuple(error["loc"]) for error in errors]

    def follows(error: Any) -> bool:
        own = tuple(error["loc"])
        within = (len(place) > len(own) and place[: len(own)] == own for place in places)
        return error["type"] == "too_short" and any(within)

    return [error for error in errors if not follows(error)]


def of_body(error: Mapping[str, Any], owner: str = "") -> Fault:
    """The fault of a field of the body that an `owner`, such as a command, takes."""
    names = [step for step in error["loc"][1:] if isinstance(step, str)]
    if names[:1] == ["body"]:  # of a row of a batch
        del names[0]
    steps = (str(step).replace("~", "~0").replace("/", "~1") for step in error["loc"][1:])
    pointer = "#" + "".join(f"/{step}" for step in steps)
    return Fault({"pointer": pointer}, error["type"], words_of(error), _field(owner, names))


def of_parameter(error: Mapping[str, Any], owner: str = "") -> Fault:
    name = str(error["loc"][1]) if len(error["loc"]) > 1 else str(error["loc"][0])
    return Fault({"parameter": name}, error["type"], words_of(error), _field(owner, [name]))


def _field(owner: str, names: Sequence[str]) -> str | None:
    return ".".join([owner, *names]) if names else None


def words_of(error: Mapping[str, Any]) -> Words:
    """What pydantic found wrong, in both languages."""
    code, figures = error["type"], error.get("ctx") or {}
    if code == "string_pattern_mismatch" and figures["pattern"] in PATTERNS:
        return PATTERNS[figures["pattern"]]
    if "zh" in figures:
        return error["msg"], figures["zh"]
    en = ENGLISH.get(code, "{msg}").format(msg=error["msg"], **figures)
    if code == "literal_error":
        figures = {"expected": figures["expected"].replace(" or ", "、").replace(", ", "、")}
    zh = CHINESE.get(code, "{msg}").format(msg=error["msg"], **figures)
    return en, zh


def of_json(reason: str) -> str:
    """In Chinese, why the reader of JSON stopped."""
    return JSON.get(reason.removesuffix(":"), reason)
