"""Checks the keys of maps in which only certain ones make sense."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

from isotherm.core.diagnostics import MOST_ERRORS
from isotherm.core.suggestions import nearest
from isotherm.template.document import Findings, Path
from isotherm.template.vocabulary.advice import Words, about_word
from isotherm.template.vocabulary.versions import TemplateVersion


class WrongKey(NamedTuple):
    """A key that its version does not know; ``meant`` is the known one it looks like."""

    name: str
    meant: str
    hint: str


def wrong_keys(
    data: Mapping[str, Any], version: TemplateVersion, words: Words
) -> Iterator[WrongKey]:
    """Keys that are none of those that ``words`` gives for the version, as many as are told."""
    known = words(version)
    missing = [each for each in known if each not in data]
    wrong = (each for each in data if each not in known)
    for name in list(islice(wrong, MOST_ERRORS + 1)):
        yield WrongKey(name, nearest(name, missing), about_word(name, version, words))


def read_as_meant(findings: Findings, path: Path, members: dict[str, Any], key: WrongKey) -> None:
    """Goes on as if a misspelt key had been written right, so that one mistake is told once."""
    if key.meant:
        findings.document.rename(path, members, key.name, key.meant)
