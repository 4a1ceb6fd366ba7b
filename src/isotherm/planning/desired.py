"""A definition with all that follows from it alone, worked out once for planner and executor."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from isotherm.kit.registry import Registry
from isotherm.planning.attributes_needed import attributes_needed, attributes_passed_on
from isotherm.planning.decision import Want
from isotherm.planning.dependencies import dependencies
from isotherm.planning.recorded import Recorded
from isotherm.planning.replacement import current_rows
from isotherm.planning.wants import want
from isotherm.template import Scope, StackDefinition


@dataclass(frozen=True, slots=True)
class Desired:
    """``types`` has the templates among the stack's files, too. ``edges`` says for each resource
    what it waits for, ``needed`` which of its attributes are read, ``passed_on`` which of
    them others come to see, ``renewed_in`` what ``Want`` says of it. ``held`` are those that have
    a step though there is nothing to do, because it waits at a hook; ``restores`` those whose
    objects are brought back to a copy when they are as wanted. ``observes``: what becomes of
    an object is decided when it has been looked at. ``standing`` are the rows that there are.
    """

    definition: StackDefinition
    types: Registry
    edges: Mapping[str, frozenset[str]]
    needed: Mapping[str, frozenset[str]]
    passed_on: Mapping[str, frozenset[str]]
    renewed_in: int | None = 0
    held: frozenset[str] = frozenset()
    restores: frozenset[str] = frozenset()
    observes: bool = False
    standing: Mapping[str, Recorded] = field(default_factory=dict, compare=False, repr=False)
    _certain: dict[str, Want] = field(default_factory=dict, compare=False, repr=False)
    """What is wanted of resources that refer to no other: the same whenever it is asked."""

    def want(self, name: str, scope: Scope) -> Want:
        """What the template asks of one resource as far as ``scope`` knows.

        Raises InvalidDocument.
        """
        known = self._certain.get(name)
        if known is None:
            resource = self.definition.resources[name]
            known = want(self.definition, resource, scope, self.types, self.renewed_in)
            known = _kept(known, self.standing.get(name))
            if not resource.references:
                self._certain[name] = known
        return known

    @classmethod
    def of(
        cls,
        definition: StackDefinition,
        types: Registry,
        *,
        nested: bool = False,
        renewed_in: int | None = 0,
        held: frozenset[str] = frozenset(),
        restores: frozenset[str] = frozenset(),
        observes: bool = False,
        rows: Iterable[Recorded] = (),
    ) -> Desired:
        """``nested``: a stack above reads its outputs."""
        return cls(
            definition,
            types,
            edges=dependencies(definition, types),
            needed=attributes_needed(definition, types),
            passed_on=attributes_passed_on(definition, types, nested=nested),
            renewed_in=renewed_in,
            held=held,
            restores=restores,
            observes=observes,
            standing=current_rows(rows),
        )


def _kept(wanted: Want, row: Recorded | None) -> Want:
    """The operator's defaults are for what is made from now on: what there is keeps those that it
    was made with."""
    if row is None or row.type != wanted.type or not wanted.by_operator:
        return wanted
    kept = {name: row.properties[name] for name in wanted.by_operator if name in row.properties}
    return replace(wanted, properties={**wanted.properties, **kept})
