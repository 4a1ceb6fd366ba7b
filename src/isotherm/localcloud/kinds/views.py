"""Which fields a view of an object shows."""

from collections.abc import Callable, Mapping
from typing import Any

from isotherm.localcloud.entities import Entity
from isotherm.localcloud.kinds.fields import Field

BRIEF, FULL, NEW, CHANGED = "brief", "full", "new", "changed"
"""How an object is shown: in short lists, by itself, as the reply to a create, to a change."""

_Plan = tuple[tuple[str, str, Callable[[Any], Any] | None], ...]


class Views:
    """Of the fields of one kind; what each shows is worked out once, as lists show many objects."""

    def __init__(self, fields: Mapping[str, Field]) -> None:
        self._fields = fields
        self._plans: dict[tuple[str, int, bool], _Plan] = {}

    def show(self, entity: Entity, view: str, minor: int, *, is_admin: bool) -> dict[str, Any]:
        plan = self._plans.get((view, minor, is_admin))
        if plan is None:
            plan = self._plans[view, minor, is_admin] = self._plan(view, minor, is_admin=is_admin)
        return {
            name: getattr(entity, attribute)
            if render is None
            else render(getattr(entity, attribute))
            for name, attribute, render in plan
        }

    def _plan(self, view: str, minor: int, *, is_admin: bool) -> _Plan:
        return tuple(
            (name, each.attribute, each.render)
            for name, each in self._fields.items()
            if each.shown
            and (each.brief or view != BRIEF)
            and each.since <= minor <= each.until
            and (is_admin or not each.for_admins)
        )
