"""What pages say, taken apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
HOW_TO = ROOT / "docs" / "how-to"


def blocks(page: Path) -> Iterator[str]:
    """The indented blocks of a page, without their indentation."""
    text = page.read_text(encoding="utf-8")
    for found in re.findall(r"(?:^(?: {4,}[^\n]*)?\n)*(?:^ {4,}[^\n]+\n)+", text, re.MULTILINE):
        lines = found.strip("\n").split("\n")
        margin = min(len(line) - len(line.lstrip()) for line in lines if line.strip())
        yield "\n".join(line[margin:] for line in lines)


def commands(text: str) -> Iterator[tuple[list[str], list[str]]]:
    """Each ``isotherm`` command that is spelled out: its name and its switches."""
    for line in re.findall(r"\bisotherm((?: [^`\n#|&;']+)+)", text):
        words = line.split() or [""]
        name = words[: 2 if words[0] == "db" else 1]
        if name[-1].isalpha():
            yield name, [word for word in words if word.startswith("--")]
