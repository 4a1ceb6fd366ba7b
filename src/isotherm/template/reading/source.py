"""Turns what a caller brings (text, bytes or parsed data) into a document."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from functools import partial
from typing import Any

from isotherm.core.diagnostics import Diagnostic, InvalidDocument, Position, Severity
from isotherm.core.values import Secret
from isotherm.template.document import Document
from isotherm.template.limits import Limits
from isotherm.template.reading.decoding import readable
from isotherm.template.reading.yaml_reader import Read, read_mark, read_yaml
from isotherm.template.reading.yaml_scalars import PlainScalars


def read_document(
    source: str | bytes | Mapping[str, Any], file: str, limits: Limits, kind: str
) -> Document:
    """The document in ``source``; ``kind`` (template, environment) is for messages.

    Raises ``InvalidDocument``.
    """
    if isinstance(source, Mapping):
        return Document(_plain_data(source, limits), file)
    size = len(source) if isinstance(source, bytes) else len(source.encode(errors="replace"))
    if size > limits.size:
        raise _refused(
            f"the {kind} of {size} bytes exceeds the maximum size of {limits.size} bytes",
            error="RequestLimitExceeded",
        )
    data, read_mark, slips = _parsed(source, file, limits)
    if data is None:
        data = {}
    if not isinstance(data, dict):
        mark = read_mark()
        raise InvalidDocument(
            [
                Diagnostic(
                    f"the {kind} is not a map",
                    Position(file, mark.line, mark.column) if mark else None,
                    hint="write KEY: VALUE, line by line",
                    error="HTTPBadRequest",
                )
            ]
        )
    return Document(data, file, size, read_mark, slips=slips)


def _parsed(source: str | bytes, file: str, limits: Limits) -> Read:
    text = readable(source, file)
    if not text.startswith("{") or (found := _as_json(text)) is None:
        return read_yaml(text, file, limits)
    # Escapes that YAML 1.1 has not leave the document without places.
    data, slips = found
    if slips:
        with contextlib.suppress(InvalidDocument):
            return read_yaml(text, file, limits)
    places = _no_places if _is_rewritten(text, file) else partial(read_mark, text, file, limits)
    return Read(_plain_data(data, limits), places, slips)


def _is_rewritten(text: str, file: str) -> bool:
    """Clients send the templates beside the first one as they understood them, as one line of
    JSON. A column in it is none that the author could find."""
    return "://" in file and "\n" not in text


def _no_places() -> None:
    return None


def _as_json(text: str) -> tuple[dict[str, Any], tuple[Diagnostic, ...]] | None:
    """JSON as YAML understands it, and what is odd about it; None where only YAML can read it."""
    scalars = PlainScalars()
    odd: dict[str, Diagnostic] = {}

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            text = "a key is given twice in a map"
            odd[text] = Diagnostic(text, hint="the last one counts", severity=Severity.SLIP)
        return found

    try:
        data = json.loads(
            text,
            object_pairs_hook=members,
            parse_float=scalars.__getitem__,
            parse_constant=_refuse_constant,
        )
    except (ValueError, RecursionError):
        return None
    return (data, tuple(odd.values())) if isinstance(data, dict) else None


def _refuse_constant(word: str) -> Any:
    raise ValueError(f"{word} is no number")


def _plain_data(source: Mapping[str, Any], limits: Limits) -> dict[str, Any]:
    return _Copier(limits).copy_map(source, 0)


class _Copier:
    """Copies foreign data into dicts and lists with text keys, within the limits."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.nodes = 1

    def _copy(self, value: Any, depth: int) -> Any:
        if depth > self.limits.depth:
            raise _refused(f"nested deeper than {self.limits.depth} levels", error="HTTPBadRequest")
        if isinstance(value, str):
            return _text(value)
        if value is None or isinstance(value, (bool, int, float)):
            return value
        if isinstance(value, Mapping):
            return self.copy_map(value, depth)
        if isinstance(value, (list, tuple)):
            self._count(len(value))
            return [self._copy(each, depth + 1) for each in value]
        if isinstance(value, Secret):
            return Secret(self._copy(value.reveal(), depth))
        return str(value)

    def copy_map(self, value: Mapping[str, Any], depth: int) -> dict[str, Any]:
        self._count(len(value))
        return {_text(str(key)): self._copy(each, depth + 1) for key, each in value.items()}

    def _count(self, nodes: int) -> None:
        self.nodes += nodes
        if self.nodes > self.limits.nodes:
            raise _refused("the document is too big", error="HTTPBadRequest")


def _text(value: str) -> str:
    """``value``, unless it has half a character: no encoding could ever write it."""
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError as error:
            text = f"character {value[error.start]!r} cannot be read"
            raise _refused(text, error="HTTPBadRequest") from None
    return value


def _refused(text: str, *, error: str) -> InvalidDocument:
    return InvalidDocument([Diagnostic(text, error=error)])
