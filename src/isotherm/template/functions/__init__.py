"""The functions of the language, each in its own piece; importing this room registers them all."""

from __future__ import annotations

from isotherm.template.functions import (
    attributes,
    files,
    joining,
    parameters,
    references,
    replacing,
)

__all__ = [
    "attributes",
    "files",
    "joining",
    "parameters",
    "references",
    "replacing",
]
