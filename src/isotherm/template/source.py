"""Turns what a caller brings (text, bytes or parsed data) into a document."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from isotherm.core.diagnostics import Diagnostic, InvalidDocument, Position
from isotherm.core.values import Secret
from isotherm.template.document import Document, Mark
from isotherm.template.limits import Limits
from isotherm.template.yaml_reader import read_yaml


def read_document(
    source: str | bytes | Mapping[str, Any], file: str, limits: Limits, kind: str
) -> Document:
    """The document in ``source``; ``kind`` (template, environment) is for messages.

    Raises ``InvalidDocument``.
    """
    if isinstance(source, Mapping):
        data, size = _plain_data(source, file, limits), 0
        return Document(data, None, file, size)
    size = len(source) if isinstance(source, bytes) else len(source.encode(errors="replace"))
    if size > limits.size:
        raise _refused(
            f"the {kind} of {size} bytes exceeds the maximum size of {limits.size} bytes",
            error="RequestLimitExceeded",
        )
    data, mark = _parsed(source, file, limits)
    if data is None:
        data = {}
    if not isinstance(data, dict):
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
    return Document(data, mark, file, size)


def _parsed(source: str | bytes, file: str, limits: Limits) -> tuple[Any, Mark | None]:
    try:
        return read_yaml(source, file, limits)
    except InvalidDocument:
        # JSON may use escapes that YAML 1.1 has not; it is read without places then.
        if (data := _as_json(source)) is None:
            raise
        return _plain_data(data, file, limits), None


def _as_json(source: str | bytes) -> dict[str, Any] | None:
    if source[:1] not in ("{", b"{"):
        return None
    try:
        data = json.loads(source, object_pairs_hook=_unique_members)
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None


def _unique_members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member is given twice")
    return members


def _plain_data(source: Mapping[str, Any], file: str, limits: Limits) -> dict[str, Any]:
    copier = _Copier(limits)
    result = copier.copy(source, 0)
    assert isinstance(result, dict)
    return result


class _Copier:
    """Copies foreign data into dicts and lists with text keys, within the limits."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.nodes = 0

    def copy(self, value: Any, depth: int) -> Any:
        self.nodes += 1
        if depth > self.limits.depth:
            raise _refused(f"nested deeper than {self.limits.depth} levels", error="HTTPBadRequest")
        if self.nodes > self.limits.nodes:
            raise _refused("the document is too big", error="HTTPBadRequest")
        if isinstance(value, str):
            return _text(value)
        if value is None or isinstance(value, (bool, int, float)):
            return value
        if isinstance(value, Mapping):
            return {_text(str(key)): self.copy(each, depth + 1) for key, each in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.copy(each, depth + 1) for each in value]
        if isinstance(value, Secret):
            return Secret(self.copy(value.reveal(), depth))
        return str(value)


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
