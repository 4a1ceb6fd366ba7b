"""The life of an object over the clock: what its status goes through by itself."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from isotherm.localcloud.entities import Entity
from isotherm.localcloud.service import Service

S = TypeVar("S", bound=Service)
E = TypeVar("E", bound=Entity)


@dataclass(frozen=True, kw_only=True)
class Life(Generic[S, E]):
    """`creating`, `updating` and `deleting` are the statuses while the verb lasts, empty where
    it is done at once; afterwards the object is `ready`, or in the status that an
    injected fault names.

    It is changed only in a status of `changeable`, deleted in one of `deletable`; empty: in any.
    `passing`: a status lasts only where its operation takes time or is to fail. `attribute` is
    the status's field.

    What becomes of the object besides: `completed` before it is ready, `removed` instead of its
    plain removal; `failing` says in which status a failure leaves it.
    """

    creating: str = ""
    updating: str = ""
    deleting: str = ""
    ready: str = "available"
    changeable: tuple[str, ...] = ()
    deletable: tuple[str, ...] = ()
    passing: bool = False
    attribute: str = "status"
    completed: Callable[[S, E, dict[str, Any]], None] | None = None
    failing: Callable[[S, E, dict[str, Any]], str] | None = None
    removed: Callable[[S, E], None] | None = None

    def status(self, entity: Entity) -> str:
        return str(getattr(entity, self.attribute))

    def during(self, verb: str) -> str:
        """The status while the verb lasts."""
        return {"create": self.creating, "update": self.updating, "delete": self.deleting}[verb]

    def allowed(self, verb: str) -> tuple[str, ...]:
        """The statuses in which the verb may be asked for."""
        return {"update": self.changeable, "delete": self.deletable}.get(verb, ())
