"""Every link from page to page leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.docs.pages import ROOT

PAGES = [
    *ROOT.glob("*.md"),
    *(ROOT / "docs").rglob("*.md"),
    *(ROOT / "examples").rglob("*.md"),
]
INSTALLED_BESIDE = {"aws": "awscli", "pytest": "pytest"}
"""Programs that pages let one run and that the service does not bring, with their packages."""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    prose = "\n".join(line for line in text.splitlines() if not line.startswith("    "))
    for target, anchor in re.findall(r"\]\(([^)#\s]*)(?:#([^)\s]*))?\)", prose):
        if "://" not in target:
            named = page.parent / target if target else page
            assert named.exists(), target
            assert not anchor or anchor in anchors(named), f"{target}#{anchor}"


def anchors(page: Path) -> set[str]:
    """What the headings of a page are called in addresses."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", each).strip().lower().replace(" ", "-") for each in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_programs_that_are_not_brought_along_are_said_to_be_installed(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    run = set(re.findall(r"^ {4}(?:\$ )?(\w+) ", text, re.MULTILINE)) & INSTALLED_BESIDE.keys()
    for program in run:
        assert f"pip install {INSTALLED_BESIDE[program]}" in text.replace("boto3 ", ""), program
