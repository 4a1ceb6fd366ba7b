"""Every template of the corpus runs: on the local cloud it is made, changed, and removed again.

The engine and the cloud are the real ones, in this process and in virtual time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest
import yaml
from tests.corpus.bystanders import bystanders
from tests.corpus.changes import changed
from tests.corpus.entries import Entry, entries
from tests.corpus.surroundings import furnish

from isotherm.core.states import Action, Status
from isotherm.kit import EntityType
from isotherm.testing.local_world import LocalWorld, play_on_local_cloud
from isotherm.testing.stage import Stage

CANNOT_RUN = {
    "nested/stack-resource": "a second orchestration service is a matter of tests/scenarios",
    "network/dhcp-agents": "the local cloud's networks need no agents",
    "web/auto-network": "the local cloud has no topology that it could allocate",
}
AS_ADMINISTRATOR = {
    "access/catalogue-entry",
    "access/tenant-onboarding",
    "aws/flavor-and-image",
    "balancing/what-balancers-are-made-of",
    "batch/gpu-hosts",
    "data/storage-offer",
    "language/one-parameter-for-all",
    "network/address-plan",
    "network/floating-ip-pool",
    "network/ha-router",
    "network/quality-of-service",
    "network/router-without-nat",
    "network/shared-provider-net",
    "network/shared-with-a-project",
    "network/sriov-port",
    "platforms/bare-metal",
    "platforms/weekend",
    "shares/office",
    "topology/gateways-outside",
    "topology/routed-segments",
    "web/own-flavor",
}
"""What only administrators may do; all others are run by an ordinary user."""

BEFORE = {"aws/imports": ("aws/exports", "network")}
"""Which stack there must be first, and its name."""

DEFAULT_GROUP = {"network.security_group": 1, "network.security_group_rule": 4}
STAYS: Mapping[str, Mapping[str, int]] = {
    # Their deletion policy says so.
    "aws/boot-volume": {"block-storage.volume": 1},
    "aws/conditions": {"block-storage.backup": 1},
    "aws/instance-with-volume": {"block-storage.backup": 1},
    "aws/nested": {"block-storage.volume": 1},
    "cloudformation/data-disk": {"block-storage.backup": 1},
    "cloudformation/kept-files": {"object-store.container": 1},
    "data/boot-from-volume": {"block-storage.volume": 1},
    "data/keep-the-data": {"block-storage.volume": 1, "block-storage.backup": 1},
    "data/policies-in-lower-case": {"block-storage.volume": 1, "block-storage.backup": 1},
    "nested/facade-seen": {"network.port": 1, "compute.server": 1},
    "nested/mixed-dialects": {"block-storage.volume": 1},
    "network/floating-ip-pool": {"network.port": 2, "network.floatingip": 2},
    "objects/bucket": {"object-store.container": 1},
    # A server's own volume goes with it only if it is told to.
    "data/scratch-disks": {"block-storage.volume": 1},
    "environments/groups-and-labels": {"block-storage.volume": 1},
    # What was ordered outlives the order.
    "secrets/keys-to-order": {"key-manager.secret": 4, "key-manager.container": 1},
    # A project has its default group from the first look on.
    "network/shared-with-a-project": DEFAULT_GROUP,
}
"""What is still there after the stack has gone."""

TOUCHED = {
    # Members are told with the pool that they are in.
    "balancing/first-generation": {"OS::Neutron::LoadBalancer"},
    # A name that was made up is taken for another one than none.
    "topology/service-chain": {"OS::Neutron::TaaS::TapFlow", "OS::Neutron::TaaS::TapService"},
    # The service says in other words what it was told.
    "messaging/triggered_workflow": {"OS::Mistral::Workflow"},
    "messaging/work_queue": {"OS::Zaqar::Queue"},
}
"""What is updated without need where a stack is asked to look at what there is."""

RUNNING = [entry for entry in entries() if not entry.is_part and entry.name not in CANNOT_RUN]


@pytest.mark.parametrize("entry", RUNNING, ids=lambda entry: entry.name)
def test_it_is_made_changed_and_removed(entry: Entry) -> None:
    user = "admin" if entry.name in AS_ADMINISTRATOR else "demo"

    async def scenario(stage: Stage, world: LocalWorld) -> None:
        await _Run(stage, world, entry, user).run()

    play_on_local_cloud(scenario, user=user)


def test_the_exceptions_are_entries() -> None:
    names = {entry.name for entry in entries()}
    assert {*CANNOT_RUN, *AS_ADMINISTRATOR, *BEFORE, *STAYS} <= names
    assert len(RUNNING) >= 160


class _Run:
    def __init__(self, stage: Stage, world: LocalWorld, entry: Entry, user: str) -> None:
        self._stage, self._world, self._entry, self._user = stage, world, entry, user
        self._numbers: Mapping[str, str] = {}

    async def run(self) -> None:
        stage, entry = self._stage, self._entry
        text = entry.file.read_text(encoding="utf-8")
        around = "\n".join((text, str(_environment(entry)), *_files(entry).values()))
        self._numbers = await furnish(self._world, self._user, around, stage.clock)
        async with stage.worker(), bystanders(stage, self._world):
            if entry.name in BEFORE:
                before, name = BEFORE[entry.name]
                needed = next(each for each in RUNNING if each.name == before)
                await self._create(needed, needed.file.read_text(encoding="utf-8"), name=name)
            there = _count(self._world)
            stack_id = await self._create(entry, text)
            await self._look_again(stack_id, text)
            await self._change(stack_id)
            await stage.delete(stack_id)
            await self._ends(stack_id, Action.DELETE)
        left = {kind: number for kind, number in (_count(self._world) - there).items() if number}
        assert left == STAYS.get(entry.name, {})

    async def _create(self, entry: Entry, text: str, **fields: Any) -> str:
        environment, files = _environment(entry), _files(entry)
        stack_id = await self._stage.create(
            self._here(text), files=files, environment=environment, **fields
        )
        await self._ends(stack_id, Action.CREATE)
        return stack_id

    async def _look_again(self, stack_id: str, text: str) -> None:
        """An update that asks what there is leaves alone what nobody has changed: what a server
        writes into its port, say, is the server's business."""
        entry = self._entry
        environment, files = _environment(entry), _files(entry)
        await self._stage.update(
            stack_id, self._here(text), files, environment=environment, observes=True
        )
        await self._ends(stack_id, Action.UPDATE)
        touched = {
            row.type
            for row in (await self._stage.rows(stack_id)).values()
            if row.action is Action.UPDATE and isinstance(entry.types.get(row.type), EntityType)
        }
        assert touched == TOUCHED.get(entry.name, set())

    async def _change(self, stack_id: str) -> None:
        """Each resource of which a property may be changed is changed, and remains the same."""
        stage, entry = self._stage, self._entry
        text, expected = changed(entry)
        before = {name: row.physical_id for name, row in (await stage.rows(stack_id)).items()}
        await stage.update(
            stack_id, self._here(text), _files(entry), environment=_environment(entry)
        )
        await self._ends(stack_id, Action.UPDATE)
        rows = await stage.rows(stack_id)
        assert expected <= {name for name, row in rows.items() if row.action is Action.UPDATE}
        assert {name: rows[name].physical_id for name in expected} == {
            name: before[name] for name in expected
        }

    async def _ends(self, stack_id: str, action: Action) -> None:
        stack = await self._stage.settle(stack_id)
        assert (stack.action, stack.status) == (action, Status.COMPLETE), stack.status_reason

    def _here(self, text: str) -> str:
        for number, made in self._numbers.items():
            text = text.replace(number, made)
        return text


def _environment(entry: Entry) -> Mapping[str, Any]:
    beside = entry.file.with_name(f"{entry.file.stem}.env.yaml")
    return yaml.safe_load(beside.read_text(encoding="utf-8")) if beside.exists() else {}


def _files(entry: Entry) -> dict[str, str]:
    """What clients send with the template; what lies at addresses is fetched before that."""
    folder = entry.file.parent
    files = dict(entry.files)
    for name, text in entry.files.items():
        files[f"https://templates.example.org/{name.removeprefix('files/')}"] = text
    for part in sorted((folder / "parts").glob("*")):
        files[f"parts/{part.name}"] = part.read_text(encoding="utf-8")
    return files


def _count(world: LocalWorld) -> Counter[str]:
    return Counter({kind: len(found) for kind, found in world.objects().items()})
