"""Rules: what AWS-style templates demand of their parameters before anything is made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from isotherm.core.suggestions import near_or_all, nearest
from isotherm.template.document import Path
from isotherm.template.model import Assertion, DeclaredRule
from isotherm.template.parsing.compiler import ExpressionCompiler

SECTION = "Rules"
_RULE_KEYS = ("RuleCondition", "Assertions")
_ASSERTION_KEYS = ("Assert", "AssertDescription")


def read_rules(data: Any, compiler: ExpressionCompiler) -> Iterator[DeclaredRule]:
    """The rules that can be understood, with findings for all else."""
    if data is None:
        return
    if not isinstance(data, dict):
        compiler.findings.add((SECTION,), f'"{SECTION}" must be a map', error="HTTPBadRequest")
        return
    for name, rule in data.items():
        path: Path = (SECTION, name)
        if not _has_keys(rule, path, _RULE_KEYS, compiler):
            continue
        condition = None
        if rule.get("RuleCondition") is not None:
            at = (*path, "RuleCondition")
            condition = compiler.root(rule["RuleCondition"], at, condition=True)
        assertions = tuple(_assertions(rule.get("Assertions"), (*path, "Assertions"), compiler))
        yield DeclaredRule(name, path, condition, assertions)


def _assertions(data: Any, path: Path, compiler: ExpressionCompiler) -> Iterator[Assertion]:
    if not isinstance(data, list) or not data:
        compiler.findings.add(path, "a rule has a list of assertions")
        return
    for index, each in enumerate(data):
        at = (*path, index)
        if not _has_keys(each, at, _ASSERTION_KEYS, compiler):
            continue
        if "Assert" not in each:
            compiler.findings.add(at, "an assertion says what to assert", hint="write Assert: …")
            continue
        at = (*at, "Assert")
        node = compiler.root(each["Assert"], at, condition=True)
        yield Assertion(at, node, str(each.get("AssertDescription", "what it asserts is false")))


def _has_keys(data: Any, path: Path, known: tuple[str, ...], compiler: ExpressionCompiler) -> bool:
    if not isinstance(data, dict):
        compiler.findings.add(path, f"a map of {' and '.join(known)} is expected")
        return False
    for key in data:
        if key not in known:
            text = f'"{key}" is not a valid keyword here'
            hint = near_or_all(key, known)
            compiler.findings.add((*path, key), text, hint=hint, key=True)
            if nearest(key, known) not in data:
                return False  # What it stands for is there, misspelt.
    return True
