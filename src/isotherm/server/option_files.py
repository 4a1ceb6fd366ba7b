"""What stands in the configuration files, whether anybody reads it or not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from oslo_config import cfg


@dataclass(frozen=True, slots=True)
class Written:
    """An option as a file has it; names in the form in which options are declared."""

    file: Path
    group: str
    name: str
    value: str

    def complaint(self, what: str, remedy: str) -> str:
        """One line: where, what is wrong, and what would be right."""
        return f"{self.file}: [{self.group}] {self.name}: {what}" + (
            f"; {remedy}" if remedy else ""
        )


def unreadable(file: Path) -> str:
    """Where a file stops being text; empty where all of it is."""
    content = file.read_bytes()
    try:
        content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return (
            f"{file}:{line}: a byte that is not UTF-8 cannot be read; save the file as UTF-8 text"
        )
    return ""


def first_mistake(error: cfg.ConfigFileParseError) -> str:
    """Where a file stops being a configuration, written as other programs write places."""
    first = str(error.msg).splitlines()[0]
    return re.sub(r"^at (.+?:\d+), ", r"\1: ", first)


def read_files(files: Sequence[Path]) -> list[Written]:
    """All options in order of the files. What cannot be read is told by who loads them."""
    found: list[Written] = []
    for file in files:
        sections: dict[str, dict[str, list[str]]] = {}
        try:
            cfg.ConfigParser(str(file), sections).parse()
        except (OSError, UnicodeDecodeError, cfg.ConfigFileParseError, cfg.ParseError):
            continue
        found += [
            Written(file, group, name.replace("-", "_").lower(), values[-1])
            for group, options in sections.items()
            for name, values in options.items()
        ]
    return found
