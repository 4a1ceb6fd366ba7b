"""Bytes become text, or a finding that says which of them cannot be read."""

from __future__ import annotations

import re

from yaml.reader import ReaderError

from isotherm.core.diagnostics import Diagnostic, InvalidDocument, Position

_SAVE = "save the file as UTF-8 text"
_VERSION_SECTION = re.compile(
    r"""^[\s{"']*(?:heat_template_version|(?:AWS|Heat)TemplateFormatVersion)["']?\s*:""",
    re.MULTILINE,
)


def looks_like_template(text: str) -> bool:
    """Whether a text was meant to be a template, well-formed or not: it says a version."""
    return _VERSION_SECTION.search(text) is not None


def readable(source: str | bytes, file: str) -> str:
    """``source`` as text that has no half characters. Raises ``InvalidDocument``."""
    text = source if isinstance(source, str) else decoded(source, file)
    text = text.removeprefix("\ufeff")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        what = f"character {text[error.start]!r}"
        raise _unreadable(text, error.start, what, file) from None
    return text


def decoded(source: bytes, file: str) -> str:
    """The text of a file in UTF-8, or in UTF-16 with a mark. Raises ``InvalidDocument``."""
    coding = "utf-16" if source.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    try:
        return source.decode(coding)
    except UnicodeDecodeError as error:
        before = source[: error.start].decode(coding, errors="replace")
        what = f"a byte that is not {coding.upper()}"
        raise _unreadable(before, len(before), what, file) from None


def unprintable(text: str, error: ReaderError, file: str) -> InvalidDocument:
    """What to say of a character that the parser refuses."""
    code = error.character if isinstance(error.character, int) else ord(error.character)
    hint = _SAVE if code == 0 else "in double quotes, it can be written as an escape"
    what = f"the control character U+{code:04X}"
    return _unreadable(text, error.position, what, file, hint)


def _unreadable(text: str, offset: int, what: str, file: str, hint: str = _SAVE) -> InvalidDocument:
    line = text.count("\n", 0, offset) + 1
    column = offset - (text.rfind("\n", 0, offset) + 1) + 1
    position = Position(file, line, column)
    return InvalidDocument(
        [
            Diagnostic(
                f"{what} cannot be read",
                position,
                hint=hint,
                error="HTTPBadRequest",
            )
        ]
    )
