"""The base of all resource types."""

from __future__ import annotations

import typing
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Generic

from isotherm.core.coercion import coerce_properties
from isotherm.core.diagnostics import Diagnostics
from isotherm.core.schema import (
    AttributeSchema,
    FindSibling,
    Sibling,
    StackProperties,
    SupportStatus,
    TypeSchema,
    ValueType,
)
from isotherm.core.values import Value
from isotherm.kit.attributes import Attribute
from isotherm.kit.changes import Changes
from isotherm.kit.combinations import Groups, Where, alone, falling, missing, together
from isotherm.kit.context import Context, Neighbour, P
from isotherm.kit.entity import Entity
from isotherm.kit.life import GONE
from isotherm.kit.links import Claim, Link
from isotherm.kit.outcomes import Failed, Outcome, Ready, Remote
from isotherm.kit.presence import given, surely_given
from isotherm.kit.properties import Properties
from isotherm.kit.signals import Received, Signalled
from isotherm.kit.signatures import Candidates, Names, Problems, Siblings, Values
from isotherm.template import inside

PropertyGroup = Properties
"""The same where a class has an attribute of that name."""

SHOW = "show"
UNLINKED = "what it connects is not connected any more"


class ResourceType(Generic[P]):
    """Verbs with defaults for a type that has no object in the cloud.

    Verbs never sleep, never loop for a status and never touch the store. A verb that
    has begun something answers ``Pending``; the engine observes and calls ``advance``.
    """

    name: str = ""
    support: ClassVar[SupportStatus] = SupportStatus()
    formerly: ClassVar[frozenset[str]] = frozenset()
    """Former names of the type: an object of one goes on as one of this."""
    successor: ClassVar[str] = ""
    """The type that took its place; only old templates name this one."""
    Properties: type[Properties]
    attributes: Sequence[Attribute] = ()
    service: ClassVar[str] = ""
    """The service type that must be in the catalogue for the type to be offered."""
    extension: ClassVar[str] = ""
    """The extension of that service without which the type is not offered, either."""
    effectless: ClassVar[bool] = True
    """Creates nothing outside the store: no intent is written and no cloud is asked."""
    name_limit: int = 255
    name_limit_option: ClassVar[str] = ""
    """The operator's option that may say less."""
    keeps_copies: ClassVar[bool] = False
    """Whether ``delete`` heeds ``ctx.keep_copy``; others may not have deletion policy Snapshot."""
    create_retries: ClassVar[bool] = True
    """Whether a failed create is tried again (with a new attempt, the old object removed)."""
    takes_signals: ClassVar[bool] = False
    """Whether users may send signals to it; see ``receive``."""
    collects_signals: ClassVar[bool] = False
    """Whether all that ``receive`` does is to note: then many are taken in at once."""
    made_when_adopted: ClassVar[bool] = False
    """Whether a stack that takes over objects makes this one anew: it serves the stack alone."""
    takes_deployments: ClassVar[bool] = False
    """Whether its object is a server: its metadata tell what is to be deployed to it."""
    deploys: ClassVar[bool] = False
    """Whether its object is a software deployment, which signals report on."""
    awaits_reports: ClassVar[bool] = False
    """Whether it is made once somebody elsewhere has said so, who may have died: what a newer
    template wants instead does not wait for that."""
    open: ClassVar[bool] = False
    """Takes any property and has any attribute."""
    nests: ClassVar[bool] = False
    """Whether its object is a stack of its own, which an update may always change."""
    inquires: ClassVar[bool] = False
    """Whether the cloud is asked about a resource before a stack that has it is accepted."""
    mends: ClassVar[bool] = False
    """Whether an update mends its object, whatever failed in it."""
    stack: ClassVar[StackProperties | None] = None
    """Which properties describe that stack."""
    links: ClassVar[tuple[Link, ...]] = ()
    """What it connects; see ``joined``."""
    claims: ClassVar[tuple[Claim, ...]] = ()
    """What only one object can have, and ``make_way`` gives up."""
    gives_way_to_alike: ClassVar[bool] = False
    """Whether there can be no two objects for the same link: then one that is to go makes way for
    another that differs in details."""
    exclusive: ClassVar[Groups] = ()
    """Groups of properties of which only one may be given."""
    one_of: ClassVar[Groups] = ()
    """Groups of properties of which one must be given."""
    needs: ClassVar[Groups] = ()
    """Groups of properties of which the first goes with one of the others only."""
    rising: ClassVar[Groups] = ()
    """Groups of numbers none of which may be smaller than one before it."""
    where: ClassVar[tuple[Where, ...]] = ()
    """What the value of a property asks of others."""
    renewed_by: ClassVar[tuple[str, ...]] = ()
    """Properties that no object can have changed though templates may say so: it is replaced."""
    refers_by: ClassVar[str] = "physical_id"
    """What a reference stands for: the resource's name, or another that the context has."""
    attribute_prefixes: ClassVar[tuple[str, ...]] = ()
    """Attributes that begin so exist, too; which ones, only the object knows."""
    renews: ClassVar[bool] = False
    """Whether every update of its stack makes it anew, whatever has changed."""
    UpdatePolicy: ClassVar[type[PropertyGroup]] = PropertyGroup
    """What templates may say about how an update goes on; by default nothing."""

    def __init_subclass__(cls) -> None:
        """The type argument (``EntityType[VolumeProperties]``) names the property group."""
        super().__init_subclass__()
        for base in cls.__dict__.get("__orig_bases__", ()):
            for argument in typing.get_args(base):
                if isinstance(argument, type) and issubclass(argument, Properties):
                    cls.Properties = argument

    # -- verbs ---------------------------------------------------------------

    async def create(self, ctx: Context[P]) -> Outcome:
        return Ready()

    async def update(self, ctx: Context[P], changes: Changes) -> Outcome:
        return Ready()

    async def delete(self, ctx: Context[P]) -> Outcome:
        """Begin the removal. Raising Gone means it is done already."""
        return Ready()

    async def clear_away(self, ctx: Context[P]) -> Outcome:
        """Remove what the object was made with and still used until its end, once it is gone: by
        ``delete``, or by somebody else. May be repeated, and is called again as long as it answers
        Pending. Raising Gone means it is done already."""
        return Ready()

    async def observe(self, ctx: Context[P]) -> Remote | None:
        """The object as it is now; None where it is gone."""
        return {}

    async def check(self, ctx: Context[P]) -> Outcome:
        """Look whether the object is there and sound."""
        remote = await self.observe(ctx)
        if remote is None:
            return Failed(GONE)
        outcome = self.judge(remote)
        if isinstance(outcome, Failed):
            return outcome
        return Ready(remote) if self.joined(ctx, remote) else Failed(UNLINKED)

    async def suspend(self, ctx: Context[P]) -> Outcome:
        """Put the object to rest. By default there is nothing to do, nor to look at."""
        return Ready({})

    async def resume(self, ctx: Context[P]) -> Outcome:
        """Undo ``suspend``."""
        return Ready({})

    async def snapshot(self, ctx: Context[P]) -> Outcome:
        """Copy the object, and note in ``ctx.data`` where the copy is. By default there is
        nothing to copy: what the template says of it is enough. May be repeated."""
        return Ready({})

    async def restore(self, ctx: Context[P]) -> Outcome:
        """Bring the object back to the copy that ``ctx.kept`` tells of. May be repeated; raises
        ReplaceInstead where only another object can be brought there."""
        return Ready({})

    async def discard(self, ctx: Context[P]) -> Outcome:
        """Remove the copy that ``ctx.kept`` tells of or that has its name, as far as there is
        one; Pending as long as it is on its way out. May be repeated."""
        return Ready({})

    async def adopt(self, ctx: Context[P]) -> Outcome:
        """Make the object of a stack that is adopted, where that is ``made_when_adopted``."""
        return await self.create(ctx)

    async def advance(self, ctx: Context[P], remote: Remote) -> Outcome:
        """Go on with a create or update of several calls; by default just judge."""
        return self.judge(remote)

    async def advance_delete(self, ctx: Context[P], remote: Remote) -> Outcome:
        """Go on with a delete while the object is still there; by default wait for its end."""
        return self.judge_delete(remote)

    async def settle(self, ctx: Context[P], remote: Remote) -> Outcome | None:
        """Pending while something is under way with the object that keeps it from being
        changed or removed; None when it is at rest.

        What an earlier action began and only needs to be ended (a resize to be confirmed) is
        ended here: ``ctx.props`` are what the object is to be.
        """
        return None

    async def find(self, ctx: Context[P]) -> Candidates:
        """Objects that the present intent may have created (most likely first)."""
        return ()

    async def make_way(self, ctx: Context[P]) -> None:
        """Called on what is to go before its successor is created, to free what is unique.

        May be repeated; raises Busy while something is still being freed.
        """

    async def take_back(self, ctx: Context[P]) -> None:
        """Undoes ``make_way`` when a roll-back returns to the object. May be repeated: what
        it has already is left alone."""

    async def fetch(self, ctx: Context[P], attribute: str) -> Value:
        """The value of an attribute declared as ``fetched``."""
        raise LookupError(attribute)

    async def adjust(self, ctx: Context[P]) -> Outcome:
        """Bring the object to what a signal has made of ``ctx.data``."""
        return Ready({})

    async def tell(self, ctx: Context[P], metadata: Mapping[str, Value]) -> None:
        """Send a server its metadata, where it asked the store to have them sent
        (``ctx.software.tell_server``). May be repeated, and some may be left out: each time they
        are all that there is to be told."""

    # -- pure rules ----------------------------------------------------------

    def receive(self, signalled: Signalled, details: Mapping[str, Value] | None) -> Received | None:
        """What a signal does; None where it says nothing that counts."""
        return None

    def may_read(self, own: Values, resource: str, siblings: Mapping[str, Neighbour]) -> bool:
        """Whether the user of the stack that the object is may read of another ``resource`` of
        the stack; ``own`` are the properties, ``siblings`` all resources by name."""
        return True

    def judge(self, remote: Remote) -> Outcome:
        return Ready(remote)

    def judge_delete(self, remote: Remote) -> Outcome:
        return Failed("the object is still there")

    def live(self, remote: Remote) -> Mapping[str, Value]:
        """The properties that the object has now, as far as it tells."""
        return {}

    def restorable(self, kept: Values) -> bool:
        """Whether ``restore`` has something to do with what was noted for a snapshot."""
        return False

    def adopted_data(self, exported: Values) -> Values:
        """The private data of an object that is taken over, from what an export tells of it."""
        return exported

    def joined(self, ctx: Context[P], remote: Remote) -> bool:
        """Whether all of ``links`` that the properties ask for are there."""
        return True

    def validate(self, properties: Values) -> Problems:
        """What is wrong across properties, by the rules above and ``problems``, and inside them."""
        if self.exclusive or self.one_of or self.needs or self.rising or self.where:
            yield from self._combined(properties)
        yield from self.Properties.problems_inside(properties)
        yield from self.problems(properties)

    def _combined(self, properties: Values) -> Problems:
        present = self.Properties.present_names
        sure, possible = present(surely_given(properties)), present(given(properties))
        yield from together(self.exclusive, sure)
        yield from missing(self.one_of, possible)
        yield from alone(self.needs, sure, possible)
        yield from falling(self.rising, properties)
        for rule in self.where:
            yield from rule.problems(properties.get(rule.name), sure, possible)

    def problems(self, properties: Values) -> Problems:
        """What these rules cannot say: pairs of property path and reason. Values may be Unknown."""
        return ()

    def validate_among(self, properties: Values, find: FindSibling) -> Problems:
        """The same about what the stack has besides. A reference to a resource that is not there
        yet stands as ``Unknown(after=its name)``."""
        return ()

    async def refusal(self, ctx: Context[P]) -> str:
        """Before anything is made, for types that ``inquire``: why the cloud would not do what
        ``ctx.props`` ask for; empty where it would, or where not enough is known (values may be
        Unknown). Raises RemoteError where it cannot tell now."""
        return ""

    def replaces(self, changes: Changes, recorded: P, desired: P) -> bool:
        """Whether these in-place changes need a replacement after all."""
        return any(name in changes for name in self.renewed_by)

    def implicit_dependencies(self, own: Sibling, others: Siblings) -> Names:
        """Names of resources that must come first though no reference says so."""
        return ()

    def reference(self, ctx: Context[P]) -> Value:
        """What ``get_resource`` gives once the resource exists."""
        told: str = getattr(ctx, self.refers_by)
        return told or ctx.resource

    def own_metadata(self, data: Values) -> Values:
        """What it tells of itself besides the template's metadata, from its private data."""
        return {}

    def foreseen(self, properties: Values) -> Values:
        """Attributes that are known before anything is made, from properties as far as known."""
        return {}

    def attribute(self, ctx: Context[P], remote: Remote, name: str) -> Value:
        """The value of an attribute that needs no call of its own."""
        for each in self.attributes:
            if each.name == name:
                return each.reads(ctx, remote) if each.reads else remote.get(each.source)
        raise LookupError(name)

    def attribute_errors(self, remote: Remote) -> Mapping[tuple[str, str], str]:
        """Why there are no values, by attribute and first step into it (empty: the whole)."""
        return {}

    def attribute_key(self, attribute: str, key: str) -> str:
        """The name that an attribute is recorded by, where it is read with ``key`` as the first
        step into it."""
        return attribute

    def read(self, recorded: Mapping[str, Value], name: str, steps: Sequence[Value]) -> Value:
        """What ``get_attr`` gives, from the recorded attributes. Raises LookupError."""
        return inside(recorded[name], steps)

    def has(self, attribute: str) -> bool:
        """Whether there may be an attribute of that name that only the object knows."""
        return attribute.startswith(self.attribute_prefixes)

    # -- what the type offers ------------------------------------------------

    def read_policy(self, said: Value) -> PropertyGroup:
        """What a template says about updates; it was judged by validation."""
        known = coerce_properties(self.UpdatePolicy.schema, said or {}, "", Diagnostics())
        return self.UpdatePolicy.of(known)

    def awaits_signals(self, policy: PropertyGroup) -> bool:
        """Whether an update waits for signals that what it makes works."""
        return False

    def validate_policy(self, policy: Mapping[str, Any]) -> Problems:
        """What is wrong in what a template says about updates."""
        return ()

    def heed(self, options: Mapping[str, Any]) -> None:
        """Take over what the operator has chosen: defaults of properties, lengths of names."""
        self.Properties = self.Properties.with_defaults(options)
        self.name_limit = min(self.name_limit, options.get(self.name_limit_option, self.name_limit))

    @property
    def poll_entity(self) -> Entity | None:
        """The entity whose listing may stand in for ``observe``; None where it may not."""
        return None

    def type_schema(self) -> TypeSchema:
        show = AttributeSchema("All the cloud tells of the object.", ValueType.MAP, volatile=True)
        return TypeSchema(
            name=self.name,
            properties=self.Properties.schema,
            attributes={**{a.name: a.schema for a in self.attributes}, SHOW: show},
            support=self.support,
            successor=self.successor,
            rules=self.validate,
            rules_among=self.validate_among,
            description=" ".join((type(self).__doc__ or "").partition("\n\n")[0].split()),
            open=self.open,
            attribute_prefixes=self.attribute_prefixes,
            stack=self.stack,
            update_policy=self.UpdatePolicy.schema,
            update_rules=self.validate_policy,
        )


AnyType = ResourceType[Any]
