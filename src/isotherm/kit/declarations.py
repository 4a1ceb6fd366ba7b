"""What is said of one property: ``prop`` and the words that it takes."""

from __future__ import annotations

import enum
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from isotherm.core.constraints import (
    AllowedPattern,
    AllowedValues,
    Constraint,
    CustomConstraint,
    Length,
    Modulo,
    Range,
)
from isotherm.core.schema import ABSENT, SupportStatus, Told


class Clearing(enum.Enum):
    """What an update does about a property that is not given any more."""

    KEEP = "the field stays as it is, or the type has an answer of its own"


KEEP = Clearing.KEEP


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """What ``prop`` was told; becomes a ``PropertySchema`` together with the annotation."""

    doc: str
    default: Any
    update_allowed: bool
    immutable: bool
    constraints: tuple[Constraint, ...]
    items: Declaration | None
    support: SupportStatus
    finds: str
    renamed_to: str
    secret: bool
    implemented: bool
    told: Told
    name: str
    sends: str | None
    reads: str | None
    clears: Any
    encodes: Callable[[Any], Any] | None
    decodes: Callable[[Any], Any] | None
    merges: bool
    beside: bool
    by_call: bool
    option: str


def prop(
    doc: str = "",
    *,
    default: Any = ABSENT,
    update_allowed: bool = False,
    immutable: bool = False,
    ge: float | None = None,
    le: float | None = None,
    min_length: int | None = None,
    max_length: int | None = None,
    step: int | None = None,
    offset: int = 0,
    allowed: Sequence[Any] | None = None,
    pattern: str | None = None,
    exists: str = "",
    finds: str = "",
    resolves: str = "",
    items: Any = None,
    since: str | None = None,
    support: SupportStatus | None = None,
    renamed_to: str = "",
    secret: bool = False,
    implemented: bool = True,
    told: Told = Told.AS_IT_IS,
    name: str = "",
    sends: str | None = "",
    reads: str | None = "",
    clears: Any = None,
    encodes: Callable[[Any], Any] | None = None,
    decodes: Callable[[Any], Any] | None = None,
    merges: bool = False,
    beside: bool = False,
    by_call: bool = False,
    option: str = "",
) -> Any:
    """Declare one property.

    ``exists`` names a constraint the value must meet (``nova.keypair``, ``ip_addr``);
    ``finds`` names one and also turns a name into an id before the type sees it;
    ``resolves`` only does the latter; either is said in the documentation.
    ``items`` is a ``prop`` for the elements of a list. ``renamed_to`` marks a former
    name (see ``former``). ``secret`` values are sealed and never shown. ``name`` is given
    where the template's name is no Python identifier.

    ``sends`` is the field that carries it in the API, if it is not called the same, or
    NAME_id where a name is turned into an id; dots lead to a field inside another
    (``rule.metric``), None keeps it apart. ``reads`` is the
    field that shows it, where that is another. ``encodes`` and ``decodes`` change the value
    on its way there and back. ``clears`` is what an update sends once it is not given any
    more: null, if nothing is said, KEEP nothing. ``merges``: the entries of the map are
    fields of their own. ``beside``: it stands next to the object in the body, not inside.
    ``told``: how clients hear of it. ``by_call``: sent by a create, changed by a call of its
    own. ``option`` names the operator's option that says what the default is.
    """
    return Declaration(
        doc=_with_ways_to_name(doc) if finds or resolves or (items and items.finds) else doc,
        default=default,
        update_allowed=update_allowed,
        immutable=immutable,
        constraints=_constraints(
            within=(ge, le),
            length=(min_length, max_length),
            step=(step, offset),
            allowed=allowed,
            pattern=pattern,
            custom=finds or exists,
        ),
        items=items,
        support=support or SupportStatus(version=since),
        finds=finds or resolves,
        renamed_to=renamed_to,
        secret=secret,
        implemented=implemented,
        told=told,
        name=name,
        sends=None if renamed_to else sends,
        reads=reads,
        clears=clears,
        encodes=encodes,
        decodes=decodes,
        merges=merges,
        beside=beside,
        by_call=by_call,
        option=option,
    )


def changeable(doc: str = "", **said: Any) -> Any:
    """Declare a property that an update changes in place; ``said`` are the words of ``prop``."""
    return prop(doc, update_allowed=True, **said)


def former(renamed_to: str, *, exists: str = "", name: str = "", support: SupportStatus) -> Any:
    """Declare a former name of a property: its value is used for the present one."""
    doc = f"Former name of '{renamed_to}'."
    return prop(doc, exists=exists, name=name, support=support, renamed_to=renamed_to)


def _with_ways_to_name(doc: str) -> str:
    what, semicolon, rest = doc.removesuffix(".").partition(";")
    return f"{what}, by name or id{semicolon}{rest}."


def _constraints(
    *,
    within: tuple[float | None, float | None],
    length: tuple[int | None, int | None],
    step: tuple[int | None, int],
    allowed: Sequence[Any] | None,
    pattern: str | None,
    custom: str,
) -> tuple[Constraint, ...]:
    found: list[Constraint] = []
    if within != (None, None):
        found.append(Range(*within))
    if length != (None, None):
        found.append(Length(*length))
    if step[0] is not None:
        found.append(Modulo(step[0], step[1]))
    if allowed is not None:
        found.append(AllowedValues(tuple(allowed)))
    if pattern is not None:
        found.append(AllowedPattern(pattern))
    if custom:
        found.append(CustomConstraint(custom))
    return tuple(found)


def hidden(version: str | None = None, previous: SupportStatus | None = None) -> SupportStatus:
    return SupportStatus("HIDDEN", version, None, previous)


def deprecated(version: str | None = None, previous: SupportStatus | None = None) -> SupportStatus:
    return SupportStatus("DEPRECATED", version, None, previous)


def supported(version: str | None = None, previous: SupportStatus | None = None) -> SupportStatus:
    return SupportStatus("SUPPORTED", version, None, previous)


def unsupported(version: str | None = None, previous: SupportStatus | None = None) -> SupportStatus:
    return SupportStatus("UNSUPPORTED", version, None, previous)
