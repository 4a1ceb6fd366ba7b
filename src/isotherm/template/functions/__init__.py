"""The functions of the language, each in its own piece; importing this room registers them all."""

from __future__ import annotations

from isotherm.template.functions import (
    assertions,
    attributes,
    aws_extras,
    conditions,
    digests,
    encoding,
    facades,
    files,
    joining,
    lists,
    maps,
    parameters,
    queries,
    references,
    repeating,
    replacing,
    selecting,
    splitting,
    urls,
)

__all__ = [
    "assertions",
    "attributes",
    "aws_extras",
    "conditions",
    "digests",
    "encoding",
    "facades",
    "files",
    "joining",
    "lists",
    "maps",
    "parameters",
    "queries",
    "references",
    "repeating",
    "replacing",
    "selecting",
    "splitting",
    "urls",
]
