"""Prints templates: always the same text for the same data, and parsing it gives the data back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import yaml

from isotherm.template.model import Template


class _Dumper(yaml.SafeDumper):
    """Keeps order, writes no aliases, and shows texts of several lines as blocks."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    lines = text.split("\n")
    block = len(lines) > 1 and not lines[0].startswith(" ") and all(map(str.isprintable, lines))
    # The library folds a next-line character into a blank unless it is escaped.
    style = "|" if block else '"' if "\x85" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def dump_template(template: Template | Mapping[str, Any]) -> str:
    """A template as YAML text."""
    data = template.data if isinstance(template, Template) else template
    return dump_yaml(data)


def dump_yaml(data: Any) -> str:
    """JSON-like data as YAML text, keys in their order."""
    return yaml.dump(
        data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, default_flow_style=False
    )


def dump_json(data: Any) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False)
