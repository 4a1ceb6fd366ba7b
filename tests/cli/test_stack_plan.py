"""``isotherm plan --stack``: what is sent, and what is shown of the answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click import unstyle
from click.testing import CliRunner

from isotherm.cli import main
from isotherm.cli.bundle import Bundle
from isotherm.cli.sources import read_environment
from isotherm.cli.stack_plan import described

HOT = "heat_template_version: 2021-04-16\n"


def change(name: str, kind: str, **more: Any) -> dict[str, Any]:
    told = {"resource_name": name, "resource_type": "OS::A::B", "change": kind, "reason": ""}
    return {**told, "properties": [], "inside": [], **more}


def prop(name: str, before: Any, after: Any, known_after: str = "") -> dict[str, Any]:
    return {"name": name, "before": before, "after": after, "known_after": known_after}


def test_changes_are_told_with_signs_values_and_totals() -> None:
    changes = [
        change("new", "create", properties=[prop("size", None, 1), prop("net", None, None, "n")]),
        change("n", "replace", reason="cidr cannot be changed", properties=[prop("c", "a", "b")]),
        change("child", "update", inside=[change("x", "update", properties=[prop("s", 1, None)])]),
        change("old", "delete"),
    ]
    assert [unstyle(line) for line in described(changes)] == [
        "  + new (OS::A::B)",
        "      size: 1",
        "      net: known after n",
        "-/+ n (OS::A::B): cidr cannot be changed",
        '      c: "a" → "b"',
        "  ~ child (OS::A::B)",
        "      ~ x (OS::A::B)",
        "          s: 1 → null",
        "  - old (OS::A::B)",
        "",
        "1 to create, 1 to update, 1 to replace, 1 to delete",
    ]


def test_nothing_to_change_says_so() -> None:
    assert list(described([])) == ["nothing to change"]


def test_long_values_are_cut() -> None:
    _, line, *_ = described([change("a", "create", properties=[prop("p", None, "x" * 999)])])
    assert len(line) < 90


def test_files_are_sent_by_their_addresses(tmp_path: Path) -> None:
    """Those that a template inside names are relative to it, not to the first one."""
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "note.txt").write_text("hello")
    value = "{value: {get_file: note.txt}}"
    (tmp_path / "sub" / "inner.yaml").write_text(
        f"{HOT}resources: {{v: {{type: OS::Heat::Value, properties: {value}}}}}\n"
    )
    top, env = tmp_path / "top.yaml", tmp_path / "env.yaml"
    top.write_text(f"{HOT}resources: {{in: {{type: sub/inner.yaml}}, my: {{type: My::Type}}}}\n")
    env.write_text("resource_registry: {'My::Type': sub/inner.yaml}\nparameters: {p: 1}\n")
    sent = Bundle(top, read_environment([env]))
    inner, note = (tmp_path / "sub" / name for name in ("inner.yaml", "note.txt"))
    assert sent.template["resources"]["in"]["type"] == inner.as_uri()
    assert sent.environment["resource_registry"]["My::Type"] == inner.as_uri()
    assert sent.environment["parameters"] == {"p": 1}
    assert sent.files[note.as_uri()] == "hello"
    inside = json.loads(sent.files[inner.as_uri()])
    assert inside["resources"]["v"]["properties"]["value"] == {"get_file": note.as_uri()}


def plan(*arguments: str) -> Any:
    return CliRunner().invoke(main, ["plan", *arguments])


def test_mistakes_on_the_way_are_no_changes(tmp_path: Path) -> None:
    """Exit code 2 says that something would change."""
    assert plan("--stack", "web", str(tmp_path / "none.yaml")).exit_code == 1
    bad = tmp_path / "bad.yaml"
    bad.write_text("resources: 7")
    assert plan("--stack", "web", str(bad)).exit_code == 1
    assert plan().exit_code == 2
    assert "give a TEMPLATE, or --stack" in plan().output
    assert "give NAME=VALUE, not p" in plan(str(bad), "--parameter", "p").output


def test_parameters_win_over_environments(tmp_path: Path) -> None:
    file, env = tmp_path / "t.yaml", tmp_path / "e.yaml"
    value = "{type: OS::Heat::Value, properties: {value: {get_param: p}}}"
    file.write_text(f"{HOT}parameters: {{p: {{type: string}}}}\nresources: {{v: {value}}}\n")
    env.write_text("parameters: {p: given}\n")
    result = plan(str(file), "-e", str(env), "--parameter", "p=asked", "--json")
    assert result.exit_code == 0, result.output
    assert "given" not in result.output
