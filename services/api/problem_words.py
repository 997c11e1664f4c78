"""What is said of a kind of problem: its status, and its words in each language."""

from typing import NamedTuple


class Words(NamedTuple):
    """`detail` may name figures of the problem, in braces."""

    title: str
    detail: str


class Kind(NamedTuple):
    status: int
    en: Words
    zh: Words

    def words(self, language: str) -> Words:
        return self.zh if language == "zh-CN" else self.en
