"""The records that cross the ports: what the engine knows and the store keeps.

Times are aware datetimes in UTC. Values may hold ``Secret`` anywhere (properties,
attributes, data, credentials): the store seals them when it writes and gives them
back as ``Secret``; nobody else needs to know how.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from isotherm.core.failures import Failure
from isotherm.core.states import Action, DeletionPolicy, Status
from isotherm.core.values import Value

__all__ = [
    "DONE",
    "Duration",
    "Event",
    "Message",
    "Operation",
    "Pause",
    "Remedy",
    "Report",
    "Resource",
    "Snapshot",
    "Source",
    "Stack",
    "StepReport",
    "Traversal",
    "replace",
]


class Operation(StrEnum):
    """What a traversal does."""

    CREATE = "CREATE"
    UPDATE = "UPDATE"
    ROLLBACK = "ROLLBACK"
    DELETE = "DELETE"
    CHECK = "CHECK"
    SUSPEND = "SUSPEND"
    RESUME = "RESUME"
    SNAPSHOT = "SNAPSHOT"
    RESTORE = "RESTORE"
    """An update to what a snapshot holds."""
    ADOPT = "ADOPT"
    """A create that takes over objects which are there already."""
    DISCARD = "DISCARD"
    """Remove snapshots that are not wanted any more."""
    ADJUST = "ADJUST"
    """Bring those resources to their new size that signals have given one."""
    TIDY = "TIDY"
    """Remove what a nested stack has kept so far: the whole tree is as desired."""
    REMEDY = "REMEDY"
    """Do with resources what somebody has ordered to be done with them."""
    RELEASE = "RELEASE"
    """End what another operation is at, without waiting for anything."""
    STOP = "STOP"
    """Bring to an end what is under way, and begin nothing."""


class Source(Struct, frozen=True, kw_only=True):
    """Template, environment and files of a stack as they were given, by content.

    ``template`` is source text or parsed data; ``environment`` is sealed as a whole,
    because parameters may be secret.
    """

    template: Any
    environment: dict[str, Any]
    files: dict[str, str]

    @property
    def text(self) -> str:
        """The template as a text in which to look for words."""
        template = self.template
        return template if isinstance(template, str) else msgspec.json.encode(template).decode()

    @property
    def texts(self) -> tuple[str, ...]:
        """The same of template and files."""
        return self.text, *self.files.values()


class Stack(Struct, frozen=True, kw_only=True):
    id: str
    name: str
    project_id: str
    user_id: str
    username: str
    action: Action
    status: Status
    status_reason: str
    failure: Failure | None = None
    """What ``status_reason`` tells, as a value; None where it tells of no failure."""
    created_at: datetime
    updated_at: datetime | None = None
    deleted_at: datetime | None = None
    source_id: str
    """Content id of the source being worked towards."""
    previous_source_id: str | None = None
    """Content id of the last source that was completed: what a roll-back returns to."""
    previous_tags: tuple[str, ...] | None = None
    """The tags that go with it; None: those of now."""
    previous_timeout_mins: int | None = None
    traversal: int
    """Number of the newest traversal."""
    credentials: Value
    """How to act for the owner; holds Secrets."""
    disable_rollback: bool = True
    timeout_mins: int | None = None
    tags: tuple[str, ...] = ()
    capabilities: tuple[str, ...] = ()
    """What whoever asked for it has said to know of the template."""
    description: str = ""
    parent_id: str | None = None
    parent_resource: str | None = None
    root_id: str | None = None
    stack_user_project_id: str | None = None
    untidy: bool = False
    """A nested stack that is as desired but has kept what is to go, here or further below."""
    tells: bool = False
    """Its environment, or that of its root, names event sinks."""
    told: str = ""
    """The event of which they were told last."""
    lent: bool = False
    """A root stack whose adoption has not succeeded: what it and those below it have adopted is
    not theirs, and is left alone whatever happens to them."""


class Pause(Struct, frozen=True, kw_only=True):
    """That a resource waits at a hook, in the traversal of this number, until somebody clears it;
    a pause that is cleared is over, and not begun again by that traversal."""

    hook: str
    traversal: int
    cleared: bool = False


class Remedy(Struct, frozen=True, kw_only=True):
    """What somebody has ordered to be done with a resource that is stuck: see
    ``engine.recording.remedies``."""

    verb: str
    by: str
    physical_id: str = ""


# Not looked through for garbage: what is recorded is plain data, of which no circle can be made,
# and there are thousands of such records.
class Resource(Struct, frozen=True, kw_only=True, gc=False):
    """One physical attempt at a resource."""

    id: str
    stack_id: str
    name: str
    type: str
    traversal: int
    """The traversal that touched it last."""
    action: Action
    status: Status
    status_reason: str = ""
    failure: Failure | None = None
    current: bool = True
    """False: a leftover, still to be deleted."""
    physical_id: str | None = None
    physical_name: str = ""
    token: str = ""
    attempt: int = 1
    intent_at: datetime | None = None
    """When the present action's intent was written."""
    stage: str = ""
    properties: dict[str, Value] = {}
    """As last applied; while a create is in progress, as being applied."""
    applying: dict[str, Value] | None = None
    """The properties an update is on its way to; None when none is under way. Whether they
    have reached the cloud is not known until it is done."""
    resolved: dict[str, Value] = {}
    """Those of ``properties`` in which names were turned into ids, as the type saw them."""
    attributes: dict[str, Value] = {}
    reference: Value = None
    data: dict[str, Value] = {}
    metadata: dict[str, Value] = {}
    """As the template has it."""
    signalled: dict[str, Value] | None = None
    """What signals have made of the metadata; None where they have not touched it."""
    heard: dict[str, str] = {}
    """Signals that its creation waits for: what each said, by its id."""
    dependencies: tuple[str, ...] = ()
    """Row ids of what it uses."""
    deletion_policy: DeletionPolicy = DeletionPolicy.DELETE
    external: bool = False
    adopted: bool = False
    """Its object was there before the stack, and was given to it; see ``Stack.lent``."""
    restored: str = ""
    """What its object was put back to last: see ``engine.steps.restoring``."""
    pause: Pause | None = None
    """Where it waits, or has waited before the action that is to come."""
    remedy: Remedy | None = None
    """Ordered, and not carried out yet."""
    gave_way: bool = False
    """Its object has given up what only one can have (``make_way``)."""
    replaces: str | None = None
    replaced_by: str | None = None
    created_at: datetime
    updated_at: datetime

    @property
    def present_metadata(self) -> dict[str, Value]:
        """The metadata as users see it."""
        return self.metadata if self.signalled is None else self.signalled


class Event(Struct, frozen=True, kw_only=True, gc=False):
    """What happened to a stack (``resource_name`` is its name) or a resource; never changed."""

    id: str
    stack_id: str
    at: datetime
    resource_name: str
    resource_type: str
    physical_id: str | None
    action: Action
    status: Status
    status_reason: str
    properties: dict[str, Value] = {}


class Message(Struct, frozen=True, kw_only=True):
    """Something that came for a stack and that its owner is to take in, in the order in which
    it came. Unlike an operation it overtakes nothing."""

    id: str
    stack_id: str
    kind: str
    """What is to be done with it: see ``engine.recording.inbox``."""
    resource_id: str = ""
    """The row that it is about."""
    at: datetime
    content: dict[str, Value] = {}
    request_id: str = ""
    """What it came with; what it sets going is told in the log by it."""


class Traversal(Struct, frozen=True, kw_only=True):
    """One run of a plan for a stack; at most one per stack is live."""

    stack_id: str
    number: int
    operation: Operation
    deadline: datetime | None = None
    started_at: datetime
    finished: bool = False
    cause: str = ""
    """For a roll-back: the failure that caused it; for a release: who has asked for it."""
    keeps: bool = False
    """Begun by the stack above: what is to go is kept until that one has it removed."""
    request_id: str = ""
    """The request that asked for it, if only in the end: a nested stack's, a roll-back's."""
    client_token: str = ""
    """The same in its client's own words, where it has said any."""
    snapshot_id: str = ""
    """The snapshot that it takes, restores or adopts from, be it one of a stack above."""
    abandons: bool = False
    """A delete that leaves the objects alone."""
    observes: bool = False
    """An update that looks at every object first, and repairs what somebody has changed."""


class Snapshot(Struct, frozen=True, kw_only=True):
    """What a stack was made of, and what is needed to bring its objects back to that.

    ``action`` is CREATE while it is taken and afterwards, DELETE while it goes.
    """

    id: str
    stack_id: str
    name: str | None = None
    created_at: datetime
    action: Action = Action.CREATE
    status: Status = Status.IN_PROGRESS
    status_reason: str = ""
    traversal: int = 0
    """Number of the traversal that takes it."""
    source_id: str
    tags: tuple[str, ...] = ()
    listed: bool = True
    """False: what an adoption was given, and no snapshot for users."""
    resources: dict[str, Value] = {}
    """By name, as ``engine.recording.parts`` writes them; those of a nested stack lie inside of
    its resource."""


DONE = "done"


class StepReport(Struct, frozen=True, array_like=True, gc=False):
    """How one step of an operation went. Times are seconds since the operation was begun:
    ``ready`` when all that it waits for had ended, ``begun`` and ``ended``."""

    key: str
    resource: str
    type: str
    kind: str
    after: tuple[str, ...]
    """Keys of the steps that it waited for."""
    ready: float
    begun: float
    ended: float
    outcome: str
    """How it ended: DONE, or failed, overtaken, timed out and the like."""


class Report(Struct, frozen=True, kw_only=True):
    """How a traversal went, step by step, as far as its last owner has carried it out."""

    stack_id: str
    number: int
    operation: Operation
    asked_at: datetime
    begun_at: datetime
    ended_at: datetime
    steps: tuple[StepReport, ...] = ()


class Duration(Struct, frozen=True, kw_only=True):
    """How long steps of a kind take with resources of a type, as far as that was seen lately."""

    type: str
    kind: str
    seconds: float
