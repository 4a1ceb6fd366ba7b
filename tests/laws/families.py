"""Random families of stacks: things, groups with policies, templates as resources, far stacks;
and what users, the cloud and the machine may do to them meanwhile."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st
from tests.laws.strategies import POINTS, SLEEPS, Crash, Restart, Sleep, Trouble

KID = "kid.yaml"


@dataclass(frozen=True)
class Family:
    """What a stack is to be. ``things`` are sizes by name; ``counted`` the members of a
    ResourceGroup, ``scaled`` size and most of a group with a policy, which adjusts it by
    ``step``; ``kid`` the sizes of things behind a template; ``far`` a parameter of a stack of
    another service. What is None is not there. ``tied``: things and groups refer to others.
    """

    things: dict[str, int] = field(default_factory=dict)
    counted: int | None = None
    batch: int = 0
    scaled: tuple[int, int] | None = None
    step: int = 1
    kid: dict[str, int] | None = None
    far: int | None = None
    tied: bool = False

    @property
    def template(self) -> str:
        resources: dict[str, Any] = {n: _thing(size) for n, size in self.things.items()}
        first = next(iter(self.things), None)
        uses = {"get_resource": first} if self.tied and first else None
        if self.counted is not None:
            resources["counted"] = self._counted(uses)
        if self.scaled is not None:
            resources |= self._scaled(uses)
        if self.kid is not None:
            resources["kid"] = {"type": KID, "properties": {"uses": uses or "nothing"}}
        if self.far is not None:
            after = [each for each in ("kid", first) if self.tied and each in resources]
            resources["far"] = {**_far(self.far), **({"depends_on": after} if after else {})}
        return json.dumps({"heat_template_version": "2021-04-16", "resources": resources})

    @property
    def files(self) -> dict[str, str]:
        if self.kid is None:
            return {}
        inner = {name: _thing(size, {"get_param": "uses"}) for name, size in self.kid.items()}
        return {
            KID: json.dumps(
                {
                    "heat_template_version": "2021-04-16",
                    "parameters": {"uses": {"type": "string"}},
                    "resources": inner,
                }
            )
        }

    @property
    def names(self) -> set[str]:
        resources: dict[str, Any] = json.loads(self.template)["resources"]
        return set(resources)

    def _counted(self, uses: Any) -> dict[str, Any]:
        policy = {"batch_create": {"max_batch_size": self.batch}} if self.batch else {}
        rolling = {"rolling_update": {"max_batch_size": self.batch}} if self.batch else {}
        return {
            "type": "OS::Heat::ResourceGroup",
            "properties": {"count": self.counted, "resource_def": _thing(2, uses)},
            "update_policy": {**policy, **rolling},
        }

    def _scaled(self, uses: Any) -> dict[str, Any]:
        assert self.scaled is not None
        size, most = self.scaled
        group = {
            "min_size": 0,
            "max_size": most,
            "desired_capacity": size,
            "resource": _thing(3, uses),
        }
        policy = {
            "auto_scaling_group_id": {"get_resource": "scaled"},
            "adjustment_type": "change_in_capacity",
            "scaling_adjustment": self.step,
        }
        return {
            "scaled": {"type": "OS::Heat::AutoScalingGroup", "properties": group},
            "policy": {"type": "OS::Heat::ScalingPolicy", "properties": policy},
        }


def _thing(size: int, uses: Any = None) -> dict[str, Any]:
    given = {"size": size} if uses is None else {"size": size, "uses": uses}
    return {"type": "Test::Thing", "properties": given}


def _far(number: int) -> dict[str, Any]:
    properties = {
        "context": {"region_name": "There"},
        "template": "heat_template_version: 2021-04-16\n",
        "parameters": {"number": number},
    }
    return {"type": "OS::Heat::Stack", "properties": properties}


# -- what happens --------------------------------------------------------------------------


@dataclass(frozen=True)
class Become:
    """An update."""

    family: Family


@dataclass(frozen=True)
class Act:
    """An operation or a message by its name, where the stack is in a state that allows it."""

    what: str


@dataclass(frozen=True)
class Signal:
    """To the policy, ``times`` one after the other."""

    times: int


@dataclass(frozen=True)
class Mark:
    """Somebody says that the resource is broken."""

    name: str


@dataclass(frozen=True)
class Vanish:
    """The object of the resource, or of the first member of a group, is removed by somebody."""

    name: str


Event = Become | Act | Signal | Mark | Vanish | Sleep | Trouble | Restart | Crash

ACTS = ("check", "suspend", "resume", "stop", "cancel", "snapshot", "restore", "delete")
_WORLD = ("create", "update", "delete", "show", "list")
_FAR = ("far.create", "far.update", "far.delete", "far.show", "far.list", "far.suspend")


@st.composite
def families(draw: st.DrawFn) -> Family:
    sizes = st.integers(1, 3)
    names = st.sampled_from(["a", "b", "c"])
    return Family(
        things=draw(st.dictionaries(names, sizes, max_size=3)),
        counted=draw(st.none() | st.integers(0, 4)),
        batch=draw(st.sampled_from([0, 0, 1, 2])),
        scaled=draw(st.none() | st.sampled_from([(0, 3), (1, 3), (2, 4)])),
        step=draw(st.sampled_from([1, 2, -1, 9])),
        kid=draw(st.none() | st.dictionaries(names, sizes, min_size=1, max_size=2)),
        far=draw(st.none() | st.integers(1, 2)),
        tied=draw(st.booleans()),
    )


def events() -> st.SearchStrategy[list[Event]]:
    names = st.sampled_from(["a", "b", "counted", "scaled", "kid", "far"])
    troubles = st.builds(
        Trouble,
        operation=st.sampled_from([*_WORLD, *_FAR]),
        kind=st.sampled_from(["lost", "reply lost", "busy", "refused", "error"]),
        skip=st.integers(0, 2),
        count=st.sampled_from([1, 2, 9]),
    )
    some: st.SearchStrategy[Event] = st.one_of(
        st.builds(Become, families()),
        st.builds(Sleep, SLEEPS),
        st.builds(Sleep, SLEEPS),
        troubles,
        st.builds(Act, st.sampled_from(ACTS)),
        st.builds(Act, st.sampled_from(ACTS)),
        st.builds(Signal, st.integers(1, 3)),
        st.builds(Mark, names),
        st.builds(Vanish, names),
        st.just(Restart()),
        st.builds(Crash, point=POINTS, nth=st.integers(1, 4)),
    )
    return st.lists(some, max_size=12)
