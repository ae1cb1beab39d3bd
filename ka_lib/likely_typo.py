"""The likely cause of a SyntaxError: mostly a sign typed in Chinese, or one left out."""

from __future__ import annotations

import io
import re
import tokenize
from typing import Any, NamedTuple

# What a Chinese keyboard types, and what Python reads. No letters: Python takes those.
HALF_WIDTH = {
    "，": ",", "、": ",", "。": ".", "：": ":", "；": ";", "！": "!", "？": "?",
    "（": "(", "）": ")", "【": "[", "】": "]", "［": "[", "］": "]", "｛": "{", "｝": "}",
    "《": "<", "》": ">", "＜": "<", "＞": ">", "“": '"', "”": '"', "＂": '"', "‘": "'", "’": "'",
    "＝": "=", "＋": "+", "－": "-", "−": "-", "–": "-", "—": "-", "×": "*", "＊": "*", "÷": "/",
    "／": "/", "％": "%", "＃": "#", "＿": "_", "．": ".", "｜": "|", "＆": "&", "￥": "", "¥": "",
    "\u3000": " ", "\u00a0": " ",
    **{chr(ord("０") + digit): str(digit) for digit in range(10)},
}  # fmt: skip
QUOTES = "“”‘’＂"
SPACES = "\u3000\u00a0"


class Sign(NamedTuple):
    """A full-width sign in code: itself, its half-width twin, its line and column from 1."""

    sign: str
    half: str
    line: int
    column: int


def full_width_sign(source: str) -> Sign | None:
    """Return the first full-width sign that stands in code, not in a text or a comment.

    Examples
    --------
    >>> full_width_sign('print("，"，1)')
    Sign(sign='，', half=',', line=1, column=10)
    """
    text = re.compile(
        r"#[^\n]*"
        r"|'''(?:.|\n)*?'''" + r'|"""(?:.|\n)*?"""'
        r"|'(?:\\.|[^'\\\n])*'" + r'|"(?:\\.|[^"\\\n])*"'
    )
    bare = text.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), source)
    for number, line in enumerate(bare.splitlines(), 1):
        for column, sign in enumerate(line, 1):
            if sign in HALF_WIDTH:
                return Sign(sign, HALF_WIDTH[sign], number, column)
    return None


def joined_texts(line: str) -> list[str]:
    """Return the texts that Python made out of two: those with no comma between them.

    Examples
    --------
    >>> joined_texts('pnl.loc["A001" "returns"]'), joined_texts('pnl.loc["A001", "returns"]')
    (['A001returns'], [])
    """
    found, before = [], ""
    try:
        for token in tokenize.generate_tokens(io.StringIO(line).readline):
            if token.type == tokenize.STRING:
                if before:
                    found.append(before.strip("\"'") + token.string.strip("\"'"))
                before = token.string
            else:
                before = ""
    except (tokenize.TokenError, SyntaxError):  # a piece of a longer statement
        pass
    return found


def syntax_cause(error: SyntaxError, source: str) -> tuple[str, dict[str, Any]]:  # noqa: C901, PLR0911, PLR0912 - one a cause
    """Return a key of ``messages/explain.yaml`` and its facts for code that Python cannot read."""
    if (
        error.msg or ""
    ) == "incomplete input":  # IPython waits for more; Python itself says what for
        error = _said_in_full(error, source)
    message = error.msg or ""
    facts: dict[str, Any] = {"line": error.lineno or 1, "column": error.offset or 1}
    if sign := full_width_sign(source or error.text or ""):
        key = "full_width_space" if sign.sign in SPACES else "full_width"
        if not sign.half:
            key = "currency_sign"
        return key, sign._asdict()
    if isinstance(error, IndentationError):
        return _indentation(error, message), facts
    if message.startswith("unterminated"):
        text = error.text or ""
        if quote := next((sign for sign in text if sign in QUOTES), ""):
            half = HALF_WIDTH[quote]
            return "full_width", {
                "sign": quote,
                "half": half,
                **facts,
                "column": text.index(quote) + 1,
            }
        return "quote_missing", facts
    if found := re.match(r"'(.)' was never closed", message):
        return "bracket_open", {
            **facts,
            "sign": found[1],
            "closing": {"(": ")", "[": "]", "{": "}"}[found[1]],
        }
    if found := re.match(r"unmatched '(.)'", message):
        return "bracket_extra", {**facts, "sign": found[1]}
    if found := re.match(
        r"closing parenthesis '(.)' does not match opening parenthesis '(.)'", message
    ):
        return "bracket_differs", {**facts, "sign": found[1], "opening": found[2]}
    for pattern, key in (
        (r"expected ':'", "colon_missing"),
        (r"==", "equals"),
        (r"forgot a comma", "comma_missing"),
        (r"leading zeros", "leading_zero"),
        (r"invalid decimal literal", "name_starts_with_digit"),
    ):
        if re.search(pattern, message):
            return key, facts
    for pattern, key in (
        (r"\d\s*%\s*(?:[)\],]|$)", "percent_sign"),
        (r"\d\s*[万亿元千百]", "unit_after_number"),
    ):
        if re.search(pattern, error.text or ""):
            return key, facts
    return "syntax", facts


def _said_in_full(error: SyntaxError, source: str) -> SyntaxError:
    try:
        compile(source, error.filename or "", "exec")
    except SyntaxError as full:
        return full
    return error


def _indentation(error: SyntaxError, message: str) -> str:
    if message.startswith("expected an indented block"):
        return "indent_missing"
    if message.startswith("unexpected indent"):
        return "indent_extra"
    return "tabs_and_spaces" if isinstance(error, TabError) else "indent_uneven"
