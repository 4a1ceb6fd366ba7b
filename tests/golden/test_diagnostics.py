"""A catalogue of mistakes, each with what ``isotherm lint`` says about it.

``diagnostics/GROUP/NAME.yaml`` is a template with a mistake, ``NAME.env.yaml`` beside it its
environment, ``NAME.txt`` the expected output; ``parts`` holds templates for use inside others.
``ISOTHERM_REWRITE_DIAGNOSTICS=1`` writes the outputs anew, to be read in the diff.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from isotherm.cli import main
from isotherm.template import WARNINGS

FOLDER = Path(__file__).parent / "diagnostics"
REWRITE = bool(os.environ.get("ISOTHERM_REWRITE_DIAGNOSTICS"))
HEAD = "heat_template_version: 2021-04-16\n"
_NESTED = "".join(f"  a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10))
GENERATED: dict[str, bytes] = {
    "yaml/alias-bomb": f"{HEAD}bomb:\n  a0: &a0 [x]\n{_NESTED}".encode(),
    "yaml/megabyte-of-text": f"{HEAD}description: {'x' * 2**20}\n".encode(),
    "yaml/long-text": f"{HEAD}resources:\n  a: {{type: {'x' * 2**18}}}\n".encode(),
    "yaml/deep-nesting": f"{HEAD}resources: {'[' * 5000}\n".encode(),
    "yaml/latin-1": f"{HEAD}description: Größe\n".encode("latin-1"),
    "yaml/utf-16": f"{HEAD}resurces: {{}}\n".encode("utf-16"),
    "yaml/utf-16-without-mark": f"{HEAD}resources: {{}}\n".encode("utf-16-le"),
    "yaml/binary": bytes(range(256)),
    "warnings/odd-space": f"{HEAD}resources:\n  a: {{type:\u00a0OS::Heat::None}}\n".encode(),
    "yaml/steering-characters": f"{HEAD}description: \x1b[31mred\n".encode(),
}
"""Files that nobody wants to see, or that would not stay what they are under version control."""


def _cases() -> list[str]:
    files = [
        file
        for file in FOLDER.rglob("*")
        if file.suffix in (".yaml", ".json")
        and not file.name.endswith(".env.yaml")
        and file.parent.name != "parts"
    ]
    return sorted([*(file.relative_to(FOLDER).as_posix() for file in files), *GENERATED])


CASES = _cases()


def lint(case: str, *options: str) -> Result:
    """What lint says about a case, in the folder of the catalogue or in one of its own."""
    file = Path(case)
    environment = file.with_suffix(".env.yaml")
    if case in GENERATED:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(GENERATED[case])
    else:
        os.chdir(FOLDER)
    extra = ["-e", str(environment)] if case not in GENERATED and environment.exists() else []
    return CliRunner().invoke(main, ["lint", str(file), *extra, *options])


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("case", CASES)
def test_the_diagnostics_are_the_stored_ones(case: str) -> None:
    result = lint(case)
    golden = (FOLDER / case).with_suffix(".txt")
    if REWRITE:
        golden.write_text(result.output, encoding="utf-8")
    assert golden.exists(), "no output is stored; run once with ISOTHERM_REWRITE_DIAGNOSTICS=1"
    assert result.output == golden.read_text(encoding="utf-8")
    assert result.exit_code == (1 if "error" in result.output.splitlines()[-1] else 0)


@pytest.mark.parametrize("case", CASES)
def test_every_mistake_is_told_once_with_place_and_words(case: str) -> None:
    found = json.loads(lint(case, "--json").output)["diagnostics"]
    assert found
    told = Counter((each["file"], each["line"], each["column"], each["text"]) for each in found)
    assert max(told.values()) == 1
    for each in found:
        assert (each["severity"] == "warning") == bool(each["name"])
        if each["line"] is not None:
            assert (each["end_line"], each["end_column"]) > (each["line"], each["column"])


def test_the_catalogue_is_large_and_every_output_has_its_case() -> None:
    assert len(CASES) >= 120
    stored = {file.relative_to(FOLDER).with_suffix("").as_posix() for file in FOLDER.rglob("*.txt")}
    assert stored == {Path(case).with_suffix("").as_posix() for case in CASES}


def test_every_kind_of_warning_is_in_the_catalogue() -> None:
    texts = [file.read_text(encoding="utf-8") for file in FOLDER.rglob("*.txt")]
    assert {name for text in texts for name in re.findall(r"warning\[(.*?)\]", text)} == {*WARNINGS}


def test_warnings_can_be_left_out_by_name() -> None:
    case = "warnings/unused-parameter.yaml"
    assert lint(case, "--ignore", "unused-parameter").output == "no problems in 1 file\n"
    assert lint(case, "--ignore", "unused").exit_code == 2
