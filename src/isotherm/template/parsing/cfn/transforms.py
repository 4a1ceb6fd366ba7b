"""The section Transform: by what a template wants to be rewritten before it is read."""

from __future__ import annotations

from typing import Any

from isotherm.template.document import Findings

SECTION = "Transform"
_BUILT_IN = ("AWS::LanguageExtensions",)
"""What they bring is part of the language here."""


def check_transforms(data: Any, findings: Findings) -> None:
    """Findings for transforms that only their owner can carry out."""
    names = data if isinstance(data, list) else [data]
    for index, name in enumerate(names):
        if name not in _BUILT_IN:
            path = (SECTION, index) if isinstance(data, list) else (SECTION,)
            findings.add(
                path,
                f"the transform {name} is not offered",
                hint=f"only {_BUILT_IN[0]} is; write out what the others would make",
            )
