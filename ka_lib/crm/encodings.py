"""The encoding of a CSV file, found by strict decoding.

Prevents Chinese names that turn into other Chinese names. Statistical detectors guess wrong on the
few hundred characters of a small export; strict decoding in a fixed order does not, because
text in GB18030 is practically never valid UTF-8.
"""

from __future__ import annotations

import codecs
import re

from ka_lib.errors import ExportError

_PAIR = re.compile(rb"[\x81-\xfe][\x40-\xfe]")
_CHINESE_PAIR = re.compile(rb"[\xa1-\xf7][\xa1-\xfe]")
_BROKEN_SHARE = 0.05
_LONGEST = 4  # bytes of one character


def decode(name: str, data: bytes) -> tuple[str, str]:
    """Return the text of a file and the encoding it was written in.

    Raises
    ------
    ExportError
        No encoding fits; names the line where UTF-8 or GB18030 breaks.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _strictly(name, data, "utf-16"), "utf-16"
    try:
        return data.removeprefix(codecs.BOM_UTF8).decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        nearly_utf8, at = _mostly_utf8(data), error.start
    if nearly_utf8:
        raise ExportError("crm.encoding", file=name, line=_line(data, at), encoding="UTF-8")
    guess = _chinese_or_western(data)
    if guess:
        return _strictly(name, data, guess), guess
    raise ExportError("crm.encoding", file=name, line=_line(data, at), encoding="UTF-8 / GB18030")


def starts_as_utf8(head: bytes) -> bool:
    """Say whether the first bytes of a file are UTF-8; the last character may be cut."""
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start > len(head) - _LONGEST and error.end == len(head)
    return True


def _strictly(name: str, data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = _line(data, error.start)
        raise ExportError("crm.encoding", file=name, line=line, encoding=encoding) from error


def _mostly_utf8(data: bytes) -> bool:
    """Say whether a few broken bytes stand in what is otherwise UTF-8."""
    text = data.decode("utf-8", errors="replace")
    beyond_ascii = len(re.findall(r"[^\x00-\x7f]", text))
    return text.count("\ufffd") < _BROKEN_SHARE * max(beyond_ascii, 1)


def _chinese_or_western(data: bytes) -> str:
    """Tell GB18030 from Windows-1252, whose accented letters decode as rare Chinese characters."""
    pairs = _PAIR.findall(data)
    chinese = sum(bool(_CHINESE_PAIR.fullmatch(pair)) for pair in pairs)
    order = ["gb18030", "cp1252"] if 2 * chinese >= len(pairs) and pairs else ["cp1252", "gb18030"]
    for encoding in order:
        try:
            data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    return ""


def _line(data: bytes, at: int) -> int:
    return data[:at].count(b"\n") + 1
