"""The reference of the language: its tables are current, its examples clean, its errors true."""

from __future__ import annotations

import re
import runpy
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from tests.template.support import definition

from isotherm.cli import main
from isotherm.core.diagnostics import InvalidDocument
from isotherm.kit.plugins import load_registry
from isotherm.template import validate

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "template-language.md"
REFUSALS: list[dict[str, Any]] = runpy.run_path(str(ROOT / "scripts" / "write-reference"))[
    "refusals"
]()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The examples of the page as files, named by their first lines."""
    text = PAGE.read_text(encoding="utf-8")
    for name, source in re.findall(r"```yaml\n# (\S+)\n(.*?)```", text, re.DOTALL):
        (tmp_path / name).write_text(source, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("name", ["web.yaml", "disk.yaml", "aws.yaml"])
def test_the_examples_are_clean(folder: Path, name: str) -> None:
    command = ["lint", str(folder / name), "-e", str(folder / "production.env.yaml")]
    if name != "web.yaml":
        command = command[:2]
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 0, result.output
    assert result.output.startswith("no problems in ")


def test_every_example_is_looked_at(folder: Path) -> None:
    written = PAGE.read_text(encoding="utf-8").count("```yaml")
    assert len(list(folder.iterdir())) == written


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal["what"])
def test_the_errors_are_true(refusal: dict[str, Any]) -> None:
    source = refusal["template"]
    if not refusal.get("whole"):
        version = "heat_template_version: 2021-04-16"
        flow = source.startswith("{")
        source = f"{{{version}, {source[1:]}" if flow else f"{version}\n{source}"
    with pytest.raises(InvalidDocument) as refused:
        examine(source, refusal.get("environment"))
    assert refused.value.diagnostics[0].error == refusal["error"]


def test_every_heading_that_is_linked_to_exists() -> None:
    for page in PAGE.parent.glob("*.md"):
        text = page.read_text(encoding="utf-8")
        for target, anchor in re.findall(r"\]\(([\w-]*(?:\.md)?)#([\w-]+)\)", text):
            linked = (page.parent / target if target else page).read_text(encoding="utf-8")
            headings = re.findall(r"^#+ (.*)$", linked, re.MULTILINE)
            anchors = {each.casefold().replace(" ", "-").replace(":", "") for each in headings}
            assert anchor in anchors, f"{page.name}: {target}#{anchor}"


def test_the_tables_are_of_yaml_that_can_be_read() -> None:
    text = PAGE.read_text(encoding="utf-8")
    kinds = re.findall(r"\| `(\w+: [^`]+)`(?: \([^)]*\))? \| `", text)
    assert all(isinstance(yaml.safe_load(each), dict) for each in kinds)
    assert len(kinds) >= 6


def examine(source: str, environment: dict[str, Any] | None) -> None:
    validate(definition(source, environment), load_registry()).raise_errors()
