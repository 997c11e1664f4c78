"""What is asked of a list cannot be understood."""


class Unclear(Exception):
    """`parameter` is the one to mend; the message is in English, `zh` in Chinese."""

    def __init__(self, parameter: str, code: str, en: str, zh: str) -> None:
        super().__init__(en)
        self.parameter, self.code, self.zh = parameter, code, zh
