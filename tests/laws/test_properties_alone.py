"""Each property that an update may change, alone: an update ends where a create would have.

It is set, and taken out again, on a stack that has been made without it. A property for which no
value can be made up is left out. A seeded share of the types is tried; ``make soak`` tries all.
"""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from tests.laws.sweep.courses import TYPES, sample_of
from tests.laws.sweep.samples import Sample, value
from tests.laws.sweep.seeing import seen
from tests.laws.sweep.trials import document
from tests.laws.test_sweep import APART

from isotherm.core.states import Status
from isotherm.testing.local_world import LocalWorld, play_on_local_cloud
from isotherm.testing.stage import Stage

pytestmark = pytest.mark.slow

SHARE = float(os.environ.get("ISOTHERM_SWEEP_SHARE", "0.25"))
SEED = os.environ.get("ISOTHERM_SWEEP_SEED", "1")
CHANGEABLE = [
    name
    for name, each in sorted(TYPES.items())
    if name not in APART and any(s.update_allowed for s in each.Properties.schema.values())
]

NEUTRON, CINDER, KEYSTONE = (
    "as neutron 29.0.0 does",
    "as cinder 29.0.0 does",
    "as keystone 30.0.0 does",
)
UNCHECKED = "not checked: no such service was at hand"
KNOWN = {
    "AWS::EC2::SecurityGroup.SecurityGroupEgress": (
        "the rules of a new group have no description, and none that is made can be without",
        NEUTRON,
    ),
    "OS::Cinder::VolumeType.description": ("a change to null is none; only a text can be", CINDER),
    "OS::Keystone::User.description": ("once said it is kept, as null or empty", KEYSTONE),
    "OS::Keystone::User.email": ("once said it is kept, as null or empty", KEYSTONE),
    "OS::Magnum::Cluster.discovery_url": ("no call takes it away", UNCHECKED),
    "OS::Manila::Share.description": ("only a text can be", UNCHECKED),
    "OS::Neutron::SubnetPool.default_quota": ("null is refused; 0 and none are no limit", NEUTRON),
    "OS::Zun::Container.cpu": ("no call takes it away", UNCHECKED),
    "OS::Zun::Container.memory": ("no call takes it away", UNCHECKED),
    "OS::Zun::Container.networks": (
        "a port that is joined later is told in other words",
        UNCHECKED,
    ),
}
"""Why an update ends elsewhere, and what that was checked against."""

Objects = Mapping[str, list[str]]


def ends(sample: Sample, *documents: str) -> list[Objects]:
    """What is there after each of them, until one fails."""

    async def scenario(stage: Stage, world: LocalWorld) -> list[Objects]:
        found: list[Objects] = []
        stack_id = ""
        async with stage.worker():
            for each in documents:
                if stack_id:
                    await stage.update(stack_id, each)
                else:
                    stack_id = await stage.create(each)
                stack = await stage.settle(stack_id, within=4000.0)
                if stack.status is not Status.COMPLETE:
                    break
                there = await seen(stage, world)
                found.append({k: v for k, v in there.items() if k not in ("rows", "stacks")})
        return found

    return play_on_local_cloud(scenario, user=sample.user)


def values_of(type_name: str, name: str, around: dict[str, Any]) -> Iterator[Any]:
    """What the property might be, from its type's sample and from its declaration."""
    sample, schema = sample_of(type_name), TYPES[type_name].Properties.schema[name]
    given = (sample.inside, sample.other, sample.before)
    yield from (each[name] for each in given if each is not None and name in each)
    for which in (0, 1):
        made = value(name, schema, which, around)
        yield made if made != [] else [value(name, schema.items or schema, which, around)]


def wrong_with(type_name: str, name: str) -> str:
    """What an update of the property does otherwise than a create; empty where that cannot be
    tried."""
    sample, around = sample_of(type_name), dict(sample_of(type_name).around)
    schema = TYPES[type_name].Properties.schema[name]
    without = {each: v for each, v in sample.before.items() if each != name}

    def with_it(properties: Mapping[str, Any]) -> str:
        return document({**around, "it": {"type": type_name, "properties": properties}})

    for each in values_of(type_name, name, around):
        made = [] if each == schema.default else ends(sample, with_it({**without, name: each}))
        if not made:
            continue
        said = (with_it(without), with_it({**without, name: each}), with_it(without))
        changed = ends(sample, *said)
        if not changed:
            return ""  # there is none without it
        if len(changed) < 3:
            return f"{each!r} cannot be {'set' if len(changed) == 1 else 'taken out'}"
        for wanted, found in ((made[0], changed[1]), (changed[0], changed[2])):
            if wanted != found:
                return f"{each!r}: {json.dumps(found)} instead of {json.dumps(wanted)}"
        return ""
    return ""


@pytest.mark.parametrize("type_name", CHANGEABLE)
def test_an_update_ends_where_a_create_does(type_name: str) -> None:
    # Texts are hashed differently in each process.
    if random.Random(f"{SEED} {type_name}").random() >= SHARE:
        return
    wrong = {
        f"{type_name}.{name}": text
        for name, schema in TYPES[type_name].Properties.schema.items()
        if schema.update_allowed and schema.implemented and not schema.renamed_to
        if (text := wrong_with(type_name, name))
    }
    known = {each for each in KNOWN if each.rpartition(".")[0] == type_name}
    assert {n: text for n, text in wrong.items() if n not in KNOWN} == {}
    assert known <= wrong.keys(), "it ends where it should by now"
