"""What an entry comes to, as text: its plan, and every value as far as it is known."""

from __future__ import annotations

from tests.corpus.entries import Entry

from isotherm.core.values import redact
from isotherm.planning.desired import Desired
from isotherm.planning.planner import make_plan
from isotherm.template.binding.surroundings import NothingKnown
from isotherm.template.printing import dump_yaml


def describe(entry: Entry) -> str:
    """The plan, then by name the values of properties, metadata and outputs."""
    plan = make_plan(Desired.of(entry.definition, entry.types), ()).describe()
    scope = NothingKnown()
    values = {
        name: redact(value)
        for name, expression in entry.expressions()
        if (value := entry.definition.evaluate(expression, scope)) is not None
    }
    return f"{plan}\n\n{dump_yaml(values)}"
