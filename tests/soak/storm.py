"""Stacks are made, changed and removed while calls fail and processes die; then all is counted."""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.clusters.cluster import CloudDoor, Cluster
from tests.soak.stacks import KINDS, build

SERVICES = ("block-storage.", "compute.", "image.", "network.")
FAULTS: tuple[Mapping[str, Any], ...] = (
    {"status": 409},
    {"status": 429},
    {"status": 500},
    {"status": 503},
    {"drop_reply": "before"},
    {"drop_reply": "after"},
    {"delay": 1.5},
)
MOST_STACKS = 4
MOST_SNAPSHOTS = 2
WITHIN = 240.0
COPIES = frozenset({"backup", "image"})
BESIDE = frozenset(
    {"attachment", "floatingip_association", "port", "rbac_policy", "security_group_rule"}
)
"""Kinds of objects that come and go with others."""


@dataclass
class Tally:
    """What was done, and what was wrong in the end: ``lost`` are recorded objects that are
    not there, ``doubled`` are objects that nothing records, ``left`` those that are there when
    all stacks are gone, ``failed`` are stacks that one more update did not mend."""

    operations: int = 0
    kills: int = 0
    faults: int = 0
    updated_again: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    @property
    def wrong(self) -> list[str]:
        return [*self.lost, *self.doubled, *self.left, *self.failed]

    @property
    def counts(self) -> Mapping[str, int]:
        return {
            "operations": self.operations,
            "kills": self.kills,
            "faults": self.faults,
            "updated again": self.updated_again,
            "lost": len(self.lost),
            "doubled": len(self.doubled),
            "left": len(self.left),
            "failed": len(self.failed),
        }


@dataclass
class Asked:
    """A stack that was asked for. ``body`` is its newest request."""

    name: str
    id: str
    kind: str
    body: Mapping[str, Any]
    generation: int = 0
    leaving: bool = False


class Storm:
    def __init__(self, cluster: Cluster, door: CloudDoor, seed: str) -> None:
        self._cluster = cluster
        self._door = door
        self._dice = random.Random(seed)
        self._stacks: list[Asked] = []
        self._count = 0
        self.tally = Tally()

    def blow(self, seconds: float) -> None:
        """Until the time is over."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._operate()
            if self._dice.random() < 0.7:
                self._disturb()
            if self._dice.random() < 0.12:
                self._kill()
            time.sleep(self._dice.uniform(0.1, 0.8))

    def abate(self) -> Tally:
        """No more faults: all comes to an end, at most one more update each, and is counted."""
        self._door.send("PUT", "/faults", {})
        self._cluster.have_engines(2)
        for stack in self._stacks:
            self._bring_to_an_end(stack)
        self._compare()
        for stack in self._stacks:
            if not stack.leaving:
                self._ask("DELETE", stack)
                stack.leaving = True
                self._bring_to_an_end(stack)
        self.tally.left += [f"{o['kind']} {o['name']} {o['id']}" for o in self._objects()]
        return self.tally

    # -- what happens -----------------------------------------------------------------------

    def _operate(self) -> None:
        """One operation on one stack; some overtake what is under way."""
        live = [each for each in self._stacks if not each.leaving]
        if len(live) < MOST_STACKS and self._dice.random() < 0.5:
            self._create()
            return
        if not live:
            return
        stack = self._dice.choice(live)
        in_progress = self._status(stack).endswith("IN_PROGRESS")
        if in_progress and self._dice.random() < 0.7:
            return
        verbs = ["update", "check", "delete", "copy", "restore", "discard"]
        what = self._dice.choices(verbs, [6, 1, 1, 1, 1, 1])[0]
        if what == "update":
            self._update(stack)
        elif what in ("copy", "restore", "discard"):
            if not in_progress:
                self._use_snapshots(stack, what)
        elif what == "check" and not in_progress:
            self._ask("POST", stack, "/actions", {"check": None})
        elif what == "delete" and len(live) > 1:
            self._ask("DELETE", stack)
            stack.leaving = True

    def _use_snapshots(self, stack: Asked, what: str) -> None:
        found = self._cluster.send("GET", f"/stacks/{stack.name}/{stack.id}/snapshots")["snapshots"]
        whole = [f"/snapshots/{each['id']}" for each in found if each["status"] == "COMPLETE"]
        if what == "copy" and len(found) < MOST_SNAPSHOTS:
            self._ask("POST", stack, "/snapshots", {})
        elif what == "restore" and whole:
            self._ask("POST", stack, f"{self._dice.choice(whole)}/restore")
        elif what == "discard" and whole:
            self._ask("DELETE", stack, self._dice.choice(whole))

    def _create(self) -> None:
        self._count += 1
        kind = self._dice.choice(sorted(KINDS))
        name = f"soak{self._count}"
        template, files = build(kind, name, 0, self._dice)
        body = {"template": template, "files": files, "disable_rollback": self._dice.random() < 0.6}
        made = self._cluster.send("POST", "/stacks", {**body, "stack_name": name})["stack"]
        self._stacks.append(Asked(name, made["id"], kind, body))
        self.tally.operations += 1

    def _update(self, stack: Asked) -> None:
        stack.generation += 1
        template, files = build(stack.kind, stack.name, stack.generation, self._dice)
        stack.body = {**stack.body, "template": template, "files": files}
        self._ask("PUT", stack, "", stack.body)

    def _ask(self, method: str, stack: Asked, below: str = "", body: Any = None) -> None:
        self._cluster.send(method, f"/stacks/{stack.name}/{stack.id}{below}", body)
        self.tally.operations += 1

    def _disturb(self) -> None:
        called = self._door.send("GET", "/calls")["called"]
        operations = sorted(each for each in called if each.startswith(SERVICES))
        if operations:
            fault = {**self._dice.choice(FAULTS), "count": self._dice.randint(1, 2)}
            self._door.send("PUT", "/faults", {self._dice.choice(operations): fault})
            self.tally.faults += 1

    def _kill(self) -> None:
        engine = self._dice.choice(self._cluster.engines)
        engine.end(signal.SIGKILL)
        self._cluster.have_engines(2)
        self.tally.kills += 1

    # -- what came of it --------------------------------------------------------------------

    def _show(self, stack: Asked) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self._cluster.send("GET", f"/stacks/{stack.name}/{stack.id}")
        shown: Mapping[str, Any] = found["stack"]
        return shown

    def _status(self, stack: Asked) -> str:
        return str(self._show(stack)["stack_status"])

    def _settle(self, stack: Asked) -> str:
        end = time.monotonic() + WITHIN
        while (status := self._status(stack)).endswith("IN_PROGRESS"):
            if time.monotonic() > end:
                break
            time.sleep(0.2)
        return status

    def _bring_to_an_end(self, stack: Asked) -> None:
        status = self._settle(stack)
        if status.endswith("FAILED"):
            self.tally.updated_again += 1
            if stack.leaving:
                self._ask("DELETE", stack)
            else:
                self._ask("PUT", stack, "", stack.body)
            status = self._settle(stack)
        if not status.endswith("COMPLETE"):
            reason = self._show(stack)["stack_status_reason"]
            self.tally.failed.append(f"{stack.name} ({stack.kind}): {status}: {reason}")

    def _compare(self) -> None:
        recorded = {
            each for stack in self._stacks if not stack.leaving for each in self._ids(stack)
        }
        there = {str(each["id"]): each for each in self._door.send("GET", "/objects")["objects"]}
        names = {str(each["name"]) for each in there.values()}
        whole = {each for each in recorded if ":" not in each}
        self.tally.lost += sorted(whole - there.keys() - names)
        for each in self._objects():
            if each["kind"] in COPIES:
                continue  # they go with their stacks, and are counted then
            if each["id"] not in recorded and each["name"] not in recorded:
                self.tally.doubled.append(f"{each['kind']} {each['name']} {each['id']}")

    def _ids(self, stack: Asked) -> Iterable[str]:
        """Physical ids of what is an object of the cloud."""
        path = f"/stacks/{stack.name}/{stack.id}/resources?nested_depth=3"
        for each in self._cluster.send("GET", path)["resources"]:
            if each["resource_type"].startswith(("OS::Cinder", "OS::Neutron", "OS::Nova")):
                yield str(each["physical_resource_id"])

    def _objects(self) -> list[Mapping[str, Any]]:
        """What exists that a stack must have asked for."""
        found = self._door.send("GET", "/objects?seeded=false")["objects"]
        return [
            each
            for each in found
            if f"{each['service']}.".startswith(SERVICES) and each["kind"] not in BESIDE
        ]
