"""What AWS-style templates mean on AWS, and not here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

from isotherm.core.schema import PropertySchema
from isotherm.template.binding.definition import Expression
from isotherm.template.document import Path
from isotherm.template.expressions import ListNode, Literal
from isotherm.template.functions.references import ConditionRef, Ref
from isotherm.template.linting.subject import Subject
from isotherm.template.linting.texts import written_texts
from isotherm.template.linting.warnings import Warned

_VALUES: Mapping[str, str] = {
    "AWS::AccountId": "it is the id of the project here, which has letters, too",
    "AWS::NotificationARNs": "it is an empty list here",
    "AWS::Partition": "it is always aws here, though ARNs of OpenStack begin with arn:openstack",
    "AWS::Region": "it is always ap-southeast-1 here, wherever the stack is",
    "AWS::URLSuffix": "it is always amazonaws.com here, where nothing of this cloud is",
}
_DYNAMIC = re.compile(r"\{\{resolve:([a-z-]+):")
_FROM_A_STORE: Mapping[str, str] = {
    "secretsmanager": "take a parameter with NoEcho, or OS::Barbican::Secret",
    "ssm-secure": "take a parameter with NoEcho, or OS::Barbican::Secret",
}
_PARAMETER_STORE = "AWS::SSM::Parameter::Value"
_ZONES = "Fn::GetAZs"
"""It gives the zones of this cloud, whatever region it is asked about."""
_OPTION = re.compile(r"(--region |region ?[=:] ?)['\"]?$")
"""What stands before a region that an agent on a server is to name."""
_UNUSED = "Not used"
_AMAZON = "AWS::"
_COPIED_ON_AWS = ("AWS::RDS::DBInstance",)
"""Types of which AWS keeps a snapshot where no DeletionPolicy is given."""


def other_values(subject: Subject) -> Iterator[Warned]:
    """Pseudo parameters; each is told in one place."""
    told: set[str] = set(subject.template.parameters)
    for path, node in _read_here(subject):
        name = node.static_name() or ""
        if name in _VALUES and name not in told:
            told.add(name)
            yield Warned("aws-value", path, f"{name} is another value than on AWS", _VALUES[name])


def _read_here(subject: Subject) -> Iterator[tuple[Path, Ref | ConditionRef]]:
    """All that reads a parameter, but for what programs on servers only hand back."""
    handed_back: set[int] = set()
    for path, node in subject.nodes:
        if isinstance(node, ListNode):
            for before, each in pairwise(node.items):
                if isinstance(before, Literal) and _OPTION.search(str(before.value)):
                    handed_back.add(id(each))
        elif (
            isinstance(node, (Ref, ConditionRef))
            and id(node) not in handed_back
            and _ZONES not in path
        ):
            yield path, node


def lookups(subject: Subject) -> Iterator[Warned]:
    """Dynamic references, and parameters whose values are names in a store."""
    if subject.template.version.is_hot:
        return
    for path, text in written_texts(subject):
        if found := _DYNAMIC.search(text):
            hint = _FROM_A_STORE.get(found[1], "take a parameter")
            told = f"{found[0]}…}}}} is not looked up: the text stays as it is"
            yield Warned("aws-lookup", path, told, hint)
    written = subject.template.data.get("Parameters") or {}
    for name in subject.template.parameters:
        if str(written[name]["Type"]).startswith(_PARAMETER_STORE):
            text = f"the value of parameter {name} is not looked up: it is taken as it stands"
            path = ("Parameters", name, "Type")
            yield Warned("aws-lookup", path, text, "give the value itself")


def ignored_properties(subject: Subject) -> Iterator[Warned]:
    """Those that types of AWS take for the templates' sake."""
    for resource in subject.definition.resources.values():
        schema = subject.types.lookup(resource.type)
        if schema is not None and resource.type.startswith(_AMAZON):
            yield from _unused(resource.type, resource.properties, schema.properties)


def _unused(
    type_name: str, expression: Expression, declared: Mapping[str, PropertySchema]
) -> Iterator[Warned]:
    for name, each in expression.fields.items():
        schema = declared.get(name)
        if schema is None or not schema.implemented or schema.required:
            continue  # Who must give it has no choice.
        if schema.description.startswith(_UNUSED):
            why = schema.description.removeprefix(_UNUSED).strip(":. ")
            text = f"property {name} of {type_name} has no effect here"
            yield Warned("aws-ignored-property", each.path, text, why, key=True)


def lost_copies(subject: Subject) -> Iterator[Warned]:
    key = subject.word("deletion_policy")
    for resource in subject.template.resources.values():
        policy = resource.deletion_policy
        if resource.type in _COPIED_ON_AWS and isinstance(policy, Literal) and not policy.value:
            path = (*resource.path, subject.word("type"))
            text = f"AWS keeps a snapshot of a deleted {resource.type}; here nothing is kept"
            yield Warned("aws-default", path, text, f"say {key}: Delete, or Retain")
