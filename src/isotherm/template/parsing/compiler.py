"""Compiles data of a template into expressions, by the functions of its version."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from isotherm.template.document import Findings, Path, Step
from isotherm.template.expressions import (
    Decision,
    EvaluationError,
    Function,
    ListNode,
    Literal,
    MapNode,
    Node,
    Refused,
)
from isotherm.template.vocabulary.advice import counterpart, first_with
from isotherm.template.vocabulary.versions import TemplateVersion


class ExpressionCompiler:
    """Makes nodes and reports what is wrong with the form of calls.

    ``place`` is the path of the data being compiled.
    """

    def __init__(self, version: TemplateVersion, findings: Findings) -> None:
        self.findings = findings
        self._version = version
        self._functions = version.functions
        self._conditions = version.condition_functions
        self._removed = version.removed_functions
        self._in_condition = False
        self._path: list[Step] = []
        self._settled = False
        self.called: set[str] = set()
        """Names of all functions that were called so far."""
        self.flawed = False
        """Whether calls were found that are wrong where they are looked at."""

    def root(self, data: Any, path: Path, *, condition: bool = False) -> Node:
        """The node for the data at ``path`` of the document.

        Conditions are always looked at; what is wrong elsewhere may be switched off.
        """
        self._path = list(path)
        self._in_condition = False
        self._settled = condition
        return self.compile_condition(data) if condition else self.compile(data)

    def compile(self, data: Any, *steps: Step) -> Node:
        if not isinstance(data, (dict, list)):
            return Literal(data)
        if not steps:
            return self._collection(data)
        self._path.extend(steps)
        node = self._collection(data)
        del self._path[-len(steps) :]
        return node

    def compile_condition(self, data: Any, *steps: Step) -> Node:
        before, self._in_condition = self._in_condition, True
        try:
            return Decision(self.compile(data, *steps))
        finally:
            self._in_condition = before

    def _collection(self, data: dict[str, Any] | list[Any]) -> Node:
        if isinstance(data, list):
            computed = self._computed(enumerate(data))
            if not computed:
                return Literal(data)
            return ListNode([computed.get(i) or Literal(each) for i, each in enumerate(data)])
        if len(data) == 1:
            ((name, argument),) = data.items()
            known = self._conditions if self._in_condition else self._functions
            if name in known:
                return self._call(known[name], name, argument)
            if misplaced := self._misplaced(name):
                return misplaced
        computed = self._computed(data.items())
        if not computed:
            return Literal(data)
        return MapNode({key: computed.get(key) or Literal(each) for key, each in data.items()})

    def _computed(self, items: Iterable[tuple[Step, Any]]) -> dict[Step, Node]:
        """Those items that are more than plain data, each as its node."""
        found: dict[Step, Node] = {}
        for step, each in items:
            if isinstance(each, (dict, list)):
                self._path.append(step)
                node = self._collection(each)
                del self._path[-1]
                if type(node) is not Literal:
                    found[step] = node
        return found

    def _call(self, function: type[Function], name: str, argument: Any) -> Node:
        self.called.add(name)
        try:
            call = function.build(name, argument, self)
        except EvaluationError as error:
            return self._refused_call(name, error)
        try:
            call.check()
        except EvaluationError as error:
            if not error.slip:
                return self._refused_call(name, error)
            path = (*self._path, name)
            self.findings.add(
                (*path, *error.path), error.text, hint=error.hint, shown=path, slip=True
            )
        return call

    def _refused_call(self, name: str, error: EvaluationError) -> Refused:
        path = (*self._path, name)
        return self._refused(
            (*path, *error.path), error.text, hint=error.hint, error=error.error, shown=path
        )

    def _refused(self, path: Path, text: str, **told: Any) -> Refused:
        flaw = self.findings.add(path, text, slip=not self._settled, **told)
        if self._settled:
            return Refused()
        self.flawed = True
        return Refused(flaw)

    def _misplaced(self, name: str) -> Refused | None:
        """In place of a function that cannot be called here at all."""
        if name in self._removed:
            text = f"the function {name} is not supported in version {self._version.number}"
            hint = counterpart(name)
        elif self._in_condition and name in self._functions:
            text = f'the function "{name}" cannot be used in a condition'
            hint = first_with(name, self._version, lambda each: each.condition_functions)
            if name in ("get_attr", "get_resource", "Fn::GetAtt"):
                hint = "conditions are decided before there are resources"
        else:
            return None
        return self._refused((*self._path, name), text, hint=hint, key=True)
