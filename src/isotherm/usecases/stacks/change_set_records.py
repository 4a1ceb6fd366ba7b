"""What is kept of change sets, and how they are read from it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from isotherm.core.arns import stack_arn
from isotherm.core.values import reveal
from isotherm.ports.attachments import Attachment
from isotherm.usecases.stacks.notifications import notified_by
from isotherm.usecases.stacks.update_plan import PropertyChange, ResourceChange

KIND = "change-set"
_NESTED = uuid.UUID("5f1a0e0f-5b0c-4b43-9a7c-0f8f4f2f8f61")


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """``new``: the stack comes with it. ``execution`` is UNAVAILABLE, AVAILABLE, OBSOLETE or
    EXECUTE_COMPLETE. Values of ``parameters`` are as they may be shown.

    ``parent``: one of a stack below, which is a part of the one above it, and kept with it;
    an empty ``stack_id`` is of a stack that is still to come.
    """

    attachment: Attachment
    id: str
    name: str
    stack_name: str
    stack_id: str
    changes: tuple[ResourceChange, ...]
    new: bool
    status: str
    reason: str
    execution: str
    description: str
    parameters: Mapping[str, str]
    capabilities: tuple[str, ...]
    tags: tuple[str, ...]
    nested: bool
    parent: ChangeSet | None = None

    @property
    def root(self) -> ChangeSet:
        return self if self.parent is None else self.parent.root

    @property
    def imports(self) -> bool:
        return bool(self.attachment.content.get("imports"))

    @property
    def notified(self) -> list[str]:
        """The addresses that will be told of events."""
        source = reveal(self.attachment.content.get("source")) or {}
        return notified_by(source.get("environment") or {})

    @property
    def template(self) -> Any:
        """None of one that has failed."""
        return (reveal(self.attachment.content.get("source")) or {}).get("template")

    @property
    def arn(self) -> str:
        return f"arn:openstack:heat::{self.attachment.project_id}:changeSet/{self.name}/{self.id}"

    @property
    def stack_arn(self) -> str | None:
        """None of a stack below that is still to come."""
        if not self.stack_id:
            return None
        return stack_arn(self.attachment.project_id, self.stack_name, self.stack_id)

    def below(self, change: ResourceChange) -> ChangeSet | None:
        """That of the stack which a resource is; None where there is none."""
        if not self.nested or change.stack is None:
            return None
        name, stack_id = change.stack
        return replace(
            self,
            id=str(uuid.uuid5(_NESTED, f"{self.id} {change.name}")),
            name=f"{self.name}-{change.name}",
            stack_name=name,
            stack_id=stack_id,
            changes=change.inside,
            parameters=change.parameters,
            parent=self,
        )

    def all_below(self) -> Iterator[ChangeSet]:
        for change in self.changes:
            if (found := self.below(change)) is not None:
                yield found
                yield from found.all_below()


def kept_changes(changes: Iterable[ResourceChange], *, deep: bool) -> list[dict[str, Any]]:
    """With ``deep``, those inside of the stacks below, too."""
    kept = [_kept(each, deep) for each in changes]
    found: list[dict[str, Any]] = json.loads(msgspec.json.encode(kept))
    return found


def _kept(change: ResourceChange, deep: bool) -> dict[str, Any]:
    return {
        "name": change.name,
        "type": change.type,
        "change": change.change,
        "physical_id": change.physical_id,
        "reason": change.reason,
        "properties": [
            [each.name, each.before, each.after, each.known_after] for each in change.properties
        ],
        "inside": [_kept(each, deep) for each in change.inside if deep],
        "stack": change.stack,
        "parameters": dict(change.parameters),
        "before": change.before,
        "after": change.after,
    }


def read_change_set(attachment: Attachment) -> ChangeSet:
    content = attachment.content
    return ChangeSet(
        attachment=attachment,
        id=attachment.id,
        name=attachment.name,
        stack_name=content["stack_name"],
        stack_id=attachment.stack_id,
        changes=tuple(map(_change, content["changes"])),
        new=content["new"],
        status=content["status"],
        reason=content.get("reason", ""),
        execution=content["execution"],
        description=content["description"],
        parameters=content.get("parameters", {}),
        capabilities=tuple(content.get("capabilities", ())),
        tags=tuple(content["tags"]),
        nested=content.get("nested", False),
    )


def _change(kept: Mapping[str, Any]) -> ResourceChange:
    more = {
        "properties": tuple(PropertyChange(*each) for each in kept["properties"]),
        "inside": tuple(map(_change, kept.get("inside", ()))),
        "stack": tuple(kept["stack"]) if kept.get("stack") else None,
    }
    return ResourceChange(**{**kept, **more})
