"""Texts that their authors may expect to be evaluated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from isotherm.template.document import Path
from isotherm.template.expressions import ListNode, Literal, Node
from isotherm.template.functions.aws_extras import FnSub
from isotherm.template.functions.replacing import Replacement
from isotherm.template.linting.subject import Subject
from isotherm.template.linting.warnings import Warned

_CALL = re.compile(r"\{\s*(get_param|get_resource|get_attr|get_file|str_replace)\s*:[^{}]*\}")
_VARIABLE = re.compile(r"\$\{([A-Za-z0-9:]+)(?:\.[A-Za-z0-9.]+)?\}")
_NESTED = "_template_version"
"""In a text that is a template itself, calls are where they belong."""


def calls_in_texts(subject: Subject) -> Iterator[Warned]:
    """Calls of HOT, and variables that only Fn::Sub would fill in, in the middle of texts."""
    is_hot = subject.template.version.is_hot
    names = subject.template.parameters.keys() | subject.template.resources.keys()
    for path, text in written_texts(subject):
        if is_hot and _NESTED not in text and (match := _CALL.search(text)):
            hint = "texts are not evaluated; use str_replace or list_join"
            yield Warned("call-in-text", path, f"{_short(match[0])} stands in a text", hint)
        if not is_hot:
            for match in _VARIABLE.finditer(text):
                if match[1] in names or match[1].startswith("AWS::"):
                    hint = "texts are not evaluated; use Fn::Sub"
                    yield Warned("call-in-text", path, f"{match[0]} stands in a text", hint)
                    break


def needless_subs(subject: Subject) -> Iterator[Warned]:
    if "Fn::ForEach::" in subject.source:
        return  # Loops have filled in by now what a text may have asked for.
    for at, node in subject.nodes:
        if isinstance(node, FnSub) and isinstance(node.argument, ListNode):
            pieces = node.argument.items
            if len(pieces) == 1 and isinstance(pieces[0], Literal):
                text, hint = "Fn::Sub has nothing to fill in", "write the text alone"
                yield Warned("needless-sub", (*at, node.name), text, hint, key=True)


def written_texts(subject: Subject) -> Iterator[tuple[Path, str]]:
    """All written texts, apart from those in which something gets replaced."""
    waiting: list[tuple[Path, Node]] = list(subject.roots)
    while waiting:
        at, node = waiting.pop()
        if isinstance(node, Literal):
            yield from _texts_in(node.value, at)
        elif not isinstance(node, (FnSub, Replacement)):
            waiting.extend((at + steps, part) for steps, part in node.parts())


def _texts_in(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _texts_in(each, (*path, key))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _texts_in(each, (*path, index))


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"
