"""Random small graphs of things, changes to them, and what may happen meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from hypothesis import strategies as st
from tests.scenarios.templates import attribute, ref, things

from isotherm.core.errors import Busy, Lost, Refused
from isotherm.engine.probe import Point
from isotherm.testing.world import Fault

NAMES = ["a", "b", "c", "d", "e"]
SECRETS = ["swordfish-1", "swordfish-2"]

Specs = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Graph:
    """The resources of one template."""

    specs: Specs = field(default_factory=dict)

    @property
    def template(self) -> str:
        return things(**{name: dict(spec) for name, spec in self.specs.items()})


@st.composite
def graphs(draw: st.DrawFn, *, least: int = 1, secrets: Sequence[str] = ()) -> Graph:
    """Up to five things; each may use those that come before it in a random order."""
    some = st.lists(st.sampled_from(NAMES), unique=True, min_size=least, max_size=5)
    names: list[str] = draw(some)
    specs: Specs = {}
    order = draw(st.permutations(names))
    for index, name in enumerate(names):
        specs[name] = draw(_spec(names[:index], secrets))
    return Graph({name: specs[name] for name in order})


@st.composite
def _spec(draw: st.DrawFn, earlier: list[str], secrets: Sequence[str]) -> dict[str, Any]:
    spec: dict[str, Any] = {}
    if draw(st.booleans()):
        spec["size"] = draw(st.integers(1, 3))
    if draw(st.integers(0, 3)) == 0:
        spec["colour"] = draw(st.sampled_from(["red", "blue"]))
    for key in ("uses", "fixed_uses"):
        if draw(st.booleans()) and earlier:
            used = draw(st.sampled_from(earlier))
            ways: list[Any] = [ref(used), attribute(used, "size"), attribute(used, "address")]
            spec[key] = draw(st.sampled_from(ways))
    if earlier and draw(st.integers(0, 3)) == 0:
        spec["depends_on"] = [draw(st.sampled_from(earlier))]
    if secrets:
        spec["password"] = draw(st.sampled_from(secrets))
    return spec


HOOKS = ("pre-create", "post-create", "pre-update", "post-update")


@dataclass(frozen=True)
class Update:
    """``hooks`` hold the steps of every resource."""

    graph: Graph
    hooks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Delete:
    pass


@dataclass(frozen=True)
class Check:
    pass


@dataclass(frozen=True)
class Sleep:
    seconds: float


@dataclass(frozen=True)
class Trouble:
    """The next calls of ``operation`` go wrong."""

    operation: str
    kind: str
    skip: int
    count: int

    def fault(self) -> Fault:
        match self.kind:
            case "lost":
                fault = Fault(error=Lost("connection reset"))
            case "reply lost":
                fault = Fault(error=Lost("connection reset"), applied=True)
            case "busy":
                fault = Fault(error=Busy("later", after=2.0))
            case "refused":
                fault = Fault(error=Refused("no", status=403))
            case _:
                fault = Fault(status="ERROR")
        return replace(fault, skip=self.skip, count=self.count)


@dataclass(frozen=True)
class Clear:
    """Whatever waits at a hook goes on."""


@dataclass(frozen=True)
class Order:
    """What people order for a resource that a step works on."""

    verb: str
    name: str


@dataclass(frozen=True)
class Release:
    """The stack is to end what it is at."""


@dataclass(frozen=True)
class Restart:
    """The worker stops in good order and another one starts."""


@dataclass(frozen=True)
class Crash:
    """The worker dies when it next passes the point for the n-th time; another one starts."""

    point: Point
    nth: int


Happening = Update | Delete | Check | Sleep | Trouble | Clear | Order | Release | Restart | Crash

SLEEPS = st.sampled_from([0.0, 0.01, 0.06, 0.12, 0.5, 1.1, 2.1, 2.3, 5.0, 50.0])
TROUBLES = st.builds(
    Trouble,
    operation=st.sampled_from(["create", "update", "delete", "show", "list"]),
    kind=st.sampled_from(["lost", "reply lost", "busy", "refused", "error"]),
    skip=st.integers(0, 2),
    count=st.sampled_from([1, 2, 9]),
)
POINTS = st.sampled_from(list(Point))
SEEDS = st.integers(0, 1_000_000)


def hooked() -> st.SearchStrategy[tuple[str, ...]]:
    """Mostly none."""
    some = st.lists(st.sampled_from(HOOKS), unique=True, max_size=2).map(tuple)
    return st.one_of(st.just(()), st.just(()), some)


def environment(hooks: Sequence[str]) -> dict[str, Any]:
    return {"resource_registry": {"resources": {"*": {"hooks": list(hooks)}}}} if hooks else {}


def happenings(
    orders: Sequence[str] = ("retry", "replace"),
) -> st.SearchStrategy[list[Happening]]:
    """``orders`` are what people may order for what hangs."""
    some: st.SearchStrategy[Happening] = st.one_of(
        st.builds(Update, graphs(), hooked()),
        st.builds(Sleep, SLEEPS),
        st.builds(Sleep, SLEEPS),
        TROUBLES,
        st.just(Delete()),
        st.just(Check()),
        st.just(Clear()),
        st.just(Release()),
        st.builds(Order, st.sampled_from(orders), st.sampled_from(NAMES)),
        st.just(Restart()),
        st.builds(Crash, point=POINTS, nth=st.integers(1, 4)),
    )
    return st.lists(some, max_size=10)
