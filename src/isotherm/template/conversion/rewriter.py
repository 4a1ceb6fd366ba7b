"""Rewrites values: calls by the rules of a direction, everything else as it is."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from isotherm.template.document import Findings, Path, Step
from isotherm.template.model import Template
from isotherm.template.vocabulary.versions import TemplateVersion

NOTHING: Any = object()
"""What a place has that vanishes from its list or map."""


class CannotSay(Exception):
    """The other format has no words for something; ``steps`` lead there from the call."""

    def __init__(self, text: str, hint: str = "", steps: Path = ()) -> None:
        super().__init__(text)
        self.text, self.hint, self.steps = text, hint, steps


@dataclass(frozen=True, slots=True)
class Call:
    """A call to rewrite: ``argument`` as written, ``path`` up to and including the name."""

    name: str
    argument: Any
    path: Path
    rewriter: Rewriter

    @property
    def template(self) -> Template:
        return self.rewriter.template

    def items(self, least: int, most: int | None = None) -> list[Any]:
        """The argument as a list of so many items; raises ``CannotSay``."""
        most = least if most is None else most
        if not isinstance(self.argument, list) or not least <= len(self.argument) <= most:
            raise CannotSay(f"{self.name} is written in a form that cannot be converted")
        return self.argument

    def value(self, *steps: Step) -> Any:
        """What stands at ``steps`` inside the argument, rewritten."""
        return self.rewriter.value(self._at(steps), (*self.path, *steps))

    def condition(self, *steps: Step) -> Any:
        return self.rewriter.condition(self._at(steps), (*self.path, *steps))

    def _at(self, steps: Path) -> Any:
        data = self.argument
        for step in steps:
            data = data[step]
        return data


Rule = Callable[[Call], Any]


class Rewriter:
    """``rules`` by the name of the function; a function without one cannot be converted."""

    def __init__(
        self,
        template: Template,
        target: TemplateVersion,
        rules: Mapping[str, Rule],
        findings: Findings,
    ) -> None:
        self.template, self.target, self.findings = template, target, findings
        self.named_conditions: dict[str, Any] = {}
        """Conditions that stand somewhere else and have a name in the other format only."""
        self._rules = rules
        self._in_condition = False

    def value(self, data: Any, path: Path) -> Any:
        """The value in the other format; ``NOTHING`` where it has no place."""
        if isinstance(data, list):
            items = (self.value(each, (*path, index)) for index, each in enumerate(data))
            return [each for each in items if each is not NOTHING]
        if not isinstance(data, dict):
            return data
        if len(data) == 1:
            ((name, argument),) = data.items()
            if name in self._functions(self.template.version):
                return self._rewritten(Call(name, argument, (*path, name), self))
            if name in self._functions(self.target):
                text = f"{name} is plain data here, and would be a function there"
                self.findings.add((*path, name), text, key=True)
        parts = {key: self.value(each, (*path, key)) for key, each in data.items()}
        return {key: each for key, each in parts.items() if each is not NOTHING}

    def condition(self, data: Any, path: Path) -> Any:
        before, self._in_condition = self._in_condition, True
        try:
            return self.value(data, path)
        finally:
            self._in_condition = before

    def named(self, condition: Any) -> str:
        """The name that a rewritten condition goes by, the same for the same condition."""
        for name, known in self.named_conditions.items():
            if known == condition:
                return name
        taken = self.template.conditions.keys() | self.named_conditions.keys()
        numbers = itertools.count(len(self.named_conditions) + 1)
        name = next(each for number in numbers if (each := f"Condition{number}") not in taken)
        self.named_conditions[name] = condition
        return name

    def _functions(self, version: TemplateVersion) -> Mapping[str, object]:
        return version.condition_functions if self._in_condition else version.functions

    def _rewritten(self, call: Call) -> Any:
        try:
            rule = self._rules.get(call.name)
            if rule is None:
                raise CannotSay(f"{call.name} has no counterpart in the other format")
            rewritten = rule(call)
            self._require_known(rewritten)
            return rewritten
        except CannotSay as problem:
            path = (*call.path, *problem.steps)
            self.findings.add(path, problem.text, hint=problem.hint, key=not problem.steps)
            return None

    def _require_known(self, rewritten: Any) -> None:
        """Raises ``CannotSay`` for a function that the other format has in other places only."""
        if not isinstance(rewritten, dict) or len(rewritten) != 1:
            return
        (name,) = rewritten
        known = self._functions(self.target)
        if name in (self.target.functions | self.target.condition_functions) and name not in known:
            raise CannotSay(f"{name} cannot be called in this place in the other format")
