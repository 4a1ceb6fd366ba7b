"""The template versions: their sections, keys and functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import isotherm.template.functions  # noqa: F401  (registers the functions)
from isotherm.core.states import DeletionPolicy
from isotherm.template.expressions import Function
from isotherm.template.functions.registry import AWS, ENTRIES, FIRST_HOT, HEAT_CFN, Entry, Place

HOT = "heat_template_version"
_HOT_DATES = (
    FIRST_HOT,
    "2014-10-16",
    "2015-04-30",
    "2015-10-15",
    "2016-04-08",
    "2016-10-14",
    "2017-02-24",
    "2017-09-01",
    "2018-03-02",
    "2018-08-31",
    "2021-04-16",
)
_HOT_NAMES = {
    "newton": "2016-10-14",
    "ocata": "2017-02-24",
    "pike": "2017-09-01",
    "queens": "2018-03-02",
    "rocky": "2018-08-31",
    "wallaby": "2021-04-16",
}
_CONDITIONS_SINCE = "2016-10-14"
_TAGS_SINCE = "2018-03-02"
_MODULO_SINCE = "2017-02-24"

_RESOURCE_KEYS = (
    "type",
    "properties",
    "metadata",
    "depends_on",
    "deletion_policy",
    "update_policy",
    "description",
)
_PARAMETER_KEYS = (
    "type",
    "description",
    "default",
    "schema",
    "constraints",
    "hidden",
    "label",
    "immutable",
)
_CFN_PARAMETER_KEYS = (
    "Type",
    "Default",
    "NoEcho",
    "AllowedValues",
    "AllowedPattern",
    "MaxLength",
    "MinLength",
    "MaxValue",
    "MinValue",
    "Description",
    "ConstraintDescription",
    "Label",
)
_CONSTRAINT_KINDS = (
    "length",
    "modulo",
    "range",
    "allowed_values",
    "allowed_pattern",
    "custom_constraint",
)
_CFN_WORDS = {
    "description": "Description",
    "mappings": "Mappings",
    "parameters": "Parameters",
    "resources": "Resources",
    "outputs": "Outputs",
    "conditions": "Conditions",
    "type": "Type",
    "properties": "Properties",
    "metadata": "Metadata",
    "depends_on": "DependsOn",
    "deletion_policy": "DeletionPolicy",
    "update_policy": "UpdatePolicy",
    "creation_policy": "CreationPolicy",
    "condition": "Condition",
    "value": "Value",
}


@dataclass(frozen=True)
class TemplateVersion:
    """One version of the language. Names of sections and keys are as templates spell them."""

    section: str
    """The top-level key that says the version."""
    number: str
    hot_date: str = ""
    """The date whose rules hold; empty for the AWS-style versions."""

    @property
    def key(self) -> str:
        return f"{self.section}.{self.number}"

    @property
    def is_hot(self) -> bool:
        return bool(self.hot_date)

    @property
    def alias(self) -> bool:
        return self.is_hot and self.number != self.hot_date

    @cached_property
    def has_conditions(self) -> bool:
        return self.hot_date >= _CONDITIONS_SINCE if self.is_hot else self.key == AWS

    @cached_property
    def sections(self) -> tuple[str, ...]:
        conditions = ("conditions",) if self.has_conditions else ()
        if self.is_hot:
            plain = ("description", "parameter_groups", "parameters", "resources", "outputs")
            return (HOT, *plain, *conditions)
        words = ("description", "mappings", "parameters", "resources", "outputs", *conditions)
        extra = _AWS_SECTIONS if self.key == AWS else ()
        return (*_CFN_SECTIONS, *(self.word(each) for each in words), *extra)

    @cached_property
    def resource_keys(self) -> tuple[str, ...]:
        newer: tuple[str, ...] = ()
        if self.has_conditions:
            newer = ("external_id", "condition") if self.is_hot else ("condition",)
        if self.key == AWS:
            newer = (*newer, "creation_policy")
        return tuple(self.word(each) for each in (*_RESOURCE_KEYS, *newer))

    @cached_property
    def output_keys(self) -> tuple[str, ...]:
        newer = ("condition",) if self.has_conditions else ()
        words = tuple(self.word(each) for each in ("description", "value", *newer))
        return (*words, "Export") if self.key == AWS else words

    @cached_property
    def has_modulo(self) -> bool:
        return self.hot_date >= _MODULO_SINCE

    @cached_property
    def has_tags(self) -> bool:
        return self.hot_date >= _TAGS_SINCE

    @cached_property
    def parameter_keys(self) -> tuple[str, ...]:
        if not self.is_hot:
            return _CFN_PARAMETER_KEYS
        return (*_PARAMETER_KEYS, "tags") if self.has_tags else _PARAMETER_KEYS

    @cached_property
    def constraint_kinds(self) -> tuple[str, ...]:
        """In the order in which they win where one entry names several."""
        if not self.is_hot:
            return ()
        return tuple(each for each in _CONSTRAINT_KINDS if each != "modulo" or self.has_modulo)

    @cached_property
    def deletion_policies(self) -> Mapping[str, DeletionPolicy]:
        policies = {each.value: each for each in DeletionPolicy}
        if self.is_hot and self.has_conditions:
            policies |= {each.value.lower(): each for each in DeletionPolicy}
        return policies

    def word(self, concept: str) -> str:
        """How this dialect spells a section or key (``depends_on``, ``DependsOn``)."""
        return concept if self.is_hot else _CFN_WORDS[concept]

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        return tuple(each for each in ENTRIES if each.where.covers(self.hot_date, self.key))

    @cached_property
    def functions(self) -> dict[str, type[Function]]:
        """Functions usable in values."""
        return {e.name: e.function for e in self.entries if e.place is Place.VALUE}

    @cached_property
    def condition_functions(self) -> dict[str, type[Function]]:
        return {e.name: e.function for e in self.entries if e.place is Place.CONDITION}

    @cached_property
    def removed_functions(self) -> frozenset[str]:
        """Functions of an earlier version of the same dialect that this one refuses."""
        earlier = {
            each.name
            for each in ENTRIES
            if self.is_hot and each.where.since and each.where.since < self.hot_date
        }
        return frozenset(earlier) - self.functions.keys() - self.condition_functions.keys()


_AWS_SECTIONS = ("Rules", "Metadata", "Transform")
"""Sections that AWS users write and the reference has not."""
_CFN_SECTIONS = ("AWSTemplateFormatVersion", "HeatTemplateFormatVersion")

VERSIONS: Mapping[str, TemplateVersion] = {
    version.key: version
    for version in (
        TemplateVersion(*AWS.split(".", 1)),
        TemplateVersion(*HEAT_CFN.split(".", 1)),
        *(TemplateVersion(HOT, date, date) for date in _HOT_DATES),
        *(TemplateVersion(HOT, name, date) for name, date in _HOT_NAMES.items()),
    )
}
VERSION_SECTIONS = (HOT, *_CFN_SECTIONS)


def template_versions() -> list[TemplateVersion]:
    """All versions, sorted by key."""
    return sorted(VERSIONS.values(), key=lambda version: version.key)


_LISTED_FIRST = """
Fn::FindInMap Fn::GetAZs get_param get_resource Ref get_attr Fn::GetAtt Fn::Select Fn::Join
list_join Fn::Split str_replace Fn::Replace Fn::Base64 Fn::MemberListToMap resource_facade
Fn::ResourceFacade get_file Fn::If Fn::Equals Fn::Not Fn::And Fn::Or
"""
_LISTED = """
get_attr get_file get_param get_resource list_join repeat resource_facade str_replace Fn::Select
digest str_split map_merge yaql map_replace if filter str_replace_strict make_url list_concat
str_replace_vstrict list_concat_unique contains equals not and or
"""
"""In which order clients have always been told the functions: up to the first version of HOT,
and since."""


def functions_of(key: str, *, with_conditions: bool = False) -> Mapping[str, type[Function]]:
    """The functions of a version by name, in the order of listings; those that only we have
    come last. Raises KeyError for an unknown version."""
    version = VERSIONS[key]
    conditions = version.condition_functions if with_conditions else {}
    found = {**conditions, **version.functions}
    listed = _LISTED_FIRST if version.hot_date <= FIRST_HOT else _LISTED
    known = [name for name in listed.split() if name in found]
    return {name: found[name] for name in dict.fromkeys((*known, *found))}
