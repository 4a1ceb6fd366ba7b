"""Values that should stay secret, but do not."""

from __future__ import annotations

import re
from collections.abc import Iterator

from isotherm.core.values import holds_secret
from isotherm.template.expressions import EvaluationError
from isotherm.template.functions.parameters import GetParam
from isotherm.template.functions.references import Ref
from isotherm.template.linting.subject import Subject, walk_values
from isotherm.template.linting.warnings import Warned
from isotherm.template.parameters import ParameterType

_SECRET = re.compile(
    r"(^|[_-]|[a-z](?=[A-Z]))(password|passwd|passphrase|private[_-]?key|secret[_-]?key|secret)$",
    re.IGNORECASE,
)


def shown_secrets(subject: Subject) -> Iterator[Warned]:
    """Outputs that everybody sees who sees the stack."""
    hidden = {name for name, each in subject.template.parameters.items() if each.hidden}
    for output in subject.definition.outputs.values():
        if _reads(subject, output.name, hidden) or _is_secret(subject, output.name):
            text = f"output {output.name} shows a hidden parameter"
            yield Warned("shown-secret", output.value.path, text, "leave it out of the outputs")


def _reads(subject: Subject, output: str, hidden: set[str]) -> bool:
    value = subject.definition.outputs[output].value
    return any(
        isinstance(node, (GetParam, Ref)) and node.static_name() in hidden
        for _, node in walk_values(value.node, value.path)
    )


def _is_secret(subject: Subject, output: str) -> bool:
    try:
        value = subject.definition.outputs[output].value.node.evaluate(subject.around)
    except EvaluationError:
        return False
    return holds_secret(value)


def visible_secrets(subject: Subject) -> Iterator[Warned]:
    for name, declared in subject.template.parameters.items():
        if declared.type is ParameterType.STRING and not declared.hidden and _SECRET.search(name):
            text = f"parameter {name} is not hidden"
            hint = "say hidden: true" if subject.template.version.is_hot else "say NoEcho: true"
            yield Warned("visible-secret", declared.path, text, hint, key=True)
