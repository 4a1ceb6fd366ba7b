"""Keys that look like functions to their author, and are none in a version."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from isotherm.core.suggestions import nearest
from isotherm.template.functions.registry import ENTRIES
from isotherm.template.vocabulary.advice import about_missing, counterpart, first_with
from isotherm.template.vocabulary.versions import TemplateVersion

CALL_PREFIXES = ("get_", "get-", "str_", "str-", "list_", "list-", "map_", "map-", "Fn::")
_WITHOUT_PREFIX = ("Base64", "FindInMap", "GetAtt", "GetAZs", "ImportValue", "Join", "Split", "Sub")
"""What AWS authors call by its tag's name; other names are too common in data."""


class CallHints:
    """What to do about names that are no functions of a version; remembers what it found."""

    def __init__(self, version: TemplateVersion) -> None:
        self._version = version
        self._known: dict[str, str] = {}
        same = [each for each in ENTRIES if bool(each.where.since) == version.is_hot]
        self._own = {each.name for each in same}
        self._foreign = {each.name for each in ENTRIES} - self._own

    def about(self, name: str) -> str:
        """Empty where nobody would take the name for a function."""
        if name not in self._known:
            self._known[name] = self._about(name)
        return self._known[name]

    def _about(self, name: str) -> str:
        version = self._version
        if name in version.condition_functions:
            return "only conditions can use it"
        if missing := about_missing(name):
            return missing
        if name in self._own:
            return first_with(name, version, _functions)
        if name in self._foreign:
            return self._about_foreign(name)
        if name in _WITHOUT_PREFIX and f"Fn::{name}" in version.functions:
            return f"did you mean 'Fn::{name}'?"
        near = nearest(name, version.functions)
        if near and (name.startswith(CALL_PREFIXES) or _sounds_like(name, near)):
            return f"did you mean {near!r}?"
        return ""

    def _about_foreign(self, name: str) -> str:
        if not self._version.is_hot and "_" not in name:
            return ""  # Names such as "if" and "filter" are words like others.
        which = "AWS-style templates" if self._version.is_hot else "HOT templates"
        return counterpart(name) or f"only {which} have it"


def _sounds_like(name: str, function: str) -> bool:
    """Whether a name is that of a function but for what stands between its words."""
    spoken = re.sub(r"[^a-z0-9]", "", name.lower())
    return spoken != function and spoken == re.sub(r"[^a-z0-9]", "", function.lower())


def _functions(version: TemplateVersion) -> Mapping[str, Any]:
    return {**version.functions, **version.condition_functions}
