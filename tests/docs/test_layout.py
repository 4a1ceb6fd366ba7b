"""What pages show as code is code to whoever renders them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.docs.pages import ROOT

PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md")]


def swallowed(text: str) -> Iterator[str]:
    """Lines of code that the item of a list above them takes for prose of its own: they would
    have to stand four columns further in than the item's text, or after a paragraph."""
    text = re.sub(r"^ *```.*?^ *```", "", text, flags=re.MULTILINE | re.DOTALL)
    margin, before = 0, ""
    for line in text.splitlines():
        indent = len(line) - len(line.lstrip())
        if item := re.match(r" *(?:[-*]|\d+\.) +(?=\S)", line):
            margin = item.end()
        elif line.strip() and indent == 0:
            margin = 0
        elif margin and line.strip() and not before.strip() and margin < indent < margin + 4:
            yield line
        before = line


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_list_swallows_code(page: Path) -> None:
    assert not list(swallowed(page.read_text(encoding="utf-8")))
