"""Everything that an author of resource types imports."""

from isotherm.core.errors import (
    Busy,
    Conflict,
    Denied,
    Exists,
    Gone,
    Lost,
    Refused,
    RemoteError,
)
from isotherm.core.schema import Blueprint, FindSibling, Sibling, StackProperties, Told
from isotherm.core.values import Secret, Unknown, Value, first_unknown, reveal
from isotherm.kit.association_type import AssociationType
from isotherm.kit.attributes import Attribute, Reading, attr, shown
from isotherm.kit.bodies import Fields, create_fields, fields_beside, not_given
from isotherm.kit.changes import Change, Changes
from isotherm.kit.cloud_api import CloudApi
from isotherm.kit.combinations import Where
from isotherm.kit.constraint import constraint
from isotherm.kit.context import Context, Intent, Neighbour, P, StackIdentity
from isotherm.kit.copies import keep_copy
from isotherm.kit.declarations import (
    KEEP,
    changeable,
    deprecated,
    former,
    hidden,
    prop,
    supported,
    unsupported,
)
from isotherm.kit.entity import Entity
from isotherm.kit.entity_type import EntityType
from isotherm.kit.event_sinks import EventSink, event_sink
from isotherm.kit.group_type import GroupType
from isotherm.kit.groups import Adjustment, Pace, adjusted_size, numbered_names, with_index
from isotherm.kit.lifecycle import Lifecycle, OperationRefused, StackOperation, lifecycle
from isotherm.kit.links import OWN, Claim, Link
from isotherm.kit.member_stacks import Member, opened, read_members, write_member
from isotherm.kit.members import Call, exchange
from isotherm.kit.memberships_type import MembershipsType
from isotherm.kit.named_type import NamedType
from isotherm.kit.naming_properties import Described, Named
from isotherm.kit.outcomes import (
    Failed,
    Outcome,
    Pending,
    Ready,
    Remote,
    ReplaceInstead,
    Started,
)
from isotherm.kit.place import Place
from isotherm.kit.placeholder_type import PlaceholderType
from isotherm.kit.plugins import load_registry
from isotherm.kit.presence import given, maps_in, surely_given
from isotherm.kit.properties import Properties
from isotherm.kit.quota_type import QuotaType
from isotherm.kit.registry import Registry, register, stand_in_of
from isotherm.kit.resource_type import SHOW, AnyType, ResourceType
from isotherm.kit.signals import Forward, Received, Signalled
from isotherm.kit.signatures import Candidate, Candidates, Names, Problems, Siblings, Values
from isotherm.kit.signed_addresses import KeyPair, Purpose
from isotherm.kit.stack_type import StackType
from isotherm.kit.stack_user_type import PASSWORD, PROJECT, StackUserType, signed_address_of
from isotherm.kit.template_type import TemplateType, template_data, template_file
from isotherm.kit.translated_type import TranslatedType
from isotherm.kit.undated_type import RenamedType, UndatedType
from isotherm.kit.unique_type import UniqueType

__all__ = [
    "KEEP",
    "OWN",
    "PASSWORD",
    "PROJECT",
    "SHOW",
    "Adjustment",
    "AnyType",
    "AssociationType",
    "Attribute",
    "Blueprint",
    "Busy",
    "Call",
    "Candidate",
    "Candidates",
    "Change",
    "Changes",
    "Claim",
    "CloudApi",
    "Conflict",
    "Context",
    "Denied",
    "Described",
    "Entity",
    "EntityType",
    "EventSink",
    "Exists",
    "Failed",
    "Fields",
    "FindSibling",
    "Forward",
    "Gone",
    "GroupType",
    "Intent",
    "KeyPair",
    "Lifecycle",
    "Link",
    "Lost",
    "Member",
    "MembershipsType",
    "Named",
    "NamedType",
    "Names",
    "Neighbour",
    "OperationRefused",
    "Outcome",
    "P",
    "Pace",
    "Pending",
    "Place",
    "PlaceholderType",
    "Problems",
    "Properties",
    "Purpose",
    "QuotaType",
    "Reading",
    "Ready",
    "Received",
    "Refused",
    "Registry",
    "Remote",
    "RemoteError",
    "RenamedType",
    "ReplaceInstead",
    "ResourceType",
    "Secret",
    "Sibling",
    "Siblings",
    "Signalled",
    "StackIdentity",
    "StackOperation",
    "StackProperties",
    "StackType",
    "StackUserType",
    "Started",
    "TemplateType",
    "Told",
    "TranslatedType",
    "UndatedType",
    "UniqueType",
    "Unknown",
    "Value",
    "Values",
    "Where",
    "adjusted_size",
    "attr",
    "changeable",
    "constraint",
    "create_fields",
    "deprecated",
    "event_sink",
    "exchange",
    "fields_beside",
    "first_unknown",
    "former",
    "given",
    "hidden",
    "keep_copy",
    "lifecycle",
    "load_registry",
    "maps_in",
    "not_given",
    "numbered_names",
    "opened",
    "prop",
    "read_members",
    "register",
    "reveal",
    "shown",
    "signed_address_of",
    "stand_in_of",
    "supported",
    "surely_given",
    "template_data",
    "template_file",
    "unsupported",
    "with_index",
    "write_member",
]
