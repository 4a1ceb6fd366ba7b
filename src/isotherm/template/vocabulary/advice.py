"""Hints about words that a version of the language does not know."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from isotherm.core.suggestions import near_or_all, suggest
from isotherm.template.vocabulary.versions import VERSIONS, TemplateVersion

Words = Callable[[TemplateVersion], Collection[str]]

_COUNTERPARTS: Mapping[str, str] = {
    # Keys that HOT and the AWS format spell or place differently.
    "NoEcho": "hidden: true",
    "MinLength": "constraints: [{length: {min: …}}]",
    "MaxLength": "constraints: [{length: {max: …}}]",
    "MinValue": "constraints: [{range: {min: …}}]",
    "MaxValue": "constraints: [{range: {max: …}}]",
    "AllowedValues": "constraints: [{allowed_values: […]}]",
    "AllowedPattern": "constraints: [{allowed_pattern: …}]",
    "ConstraintDescription": "a description in the constraint",
    "Mappings": "a parameter of type json",
    "Export": "a parameter of the other stack",
    "hidden": "NoEcho: true",
    "constraints": "AllowedValues, AllowedPattern, MinLength or MaxValue",
    "length": "MinLength and MaxLength",
    "range": "MinValue and MaxValue",
    "parameter_groups": "a Metadata section",
}

_WITHOUT_EFFECT: Mapping[str, str] = {
    "CreationPolicy": "a WaitCondition with a Count waits for signals",
    "UpdateReplacePolicy": "DeletionPolicy holds for what is replaced, too",
}
"""Keys that mean something elsewhere and nothing here, and what does instead."""

_CALLS: Mapping[str, str] = {
    "Ref": "get_param: NAME or get_resource: NAME",
    "Fn::GetAtt": "get_attr: [RESOURCE, ATTRIBUTE]",
    "Fn::Join": "list_join: [DELIMITER, LIST]",
    "Fn::Split": "str_split: [DELIMITER, TEXT]",
    "Fn::Replace": "str_replace: {template: TEXT, params: {NAME: VALUE, …}}",
    "Fn::Sub": "str_replace: {template: TEXT, params: {NAME: VALUE, …}}",
    "Fn::Select": "get_param: [NAME, INDEX] or get_attr: [RESOURCE, ATTRIBUTE, INDEX]",
    "Fn::FindInMap": "get_param: [NAME, KEY, KEY] of a json parameter",
    "Fn::If": "if: [CONDITION, THEN, ELSE]",
    "Fn::Equals": "equals: [VALUE, VALUE]",
    "Fn::And": "and: [CONDITION, CONDITION]",
    "Fn::Or": "or: [CONDITION, CONDITION]",
    "Fn::Not": "not: CONDITION",
    "Fn::Base64": "the text itself",
    "Fn::ResourceFacade": "resource_facade: PART",
    "Fn::Length": "yaql: {expression: $.data.len(), data: LIST}",
    "get_param": "Ref: NAME",
    "get_resource": "Ref: NAME",
    "get_attr": "Fn::GetAtt: [RESOURCE, ATTRIBUTE]",
    "list_join": "Fn::Join: [DELIMITER, LIST]",
    "str_split": "Fn::Split: [DELIMITER, TEXT]",
    "str_replace": "Fn::Sub: [TEXT, {NAME: VALUE, …}]",
    "resource_facade": "Fn::ResourceFacade: PART",
    "if": "Fn::If: [CONDITION, THEN, ELSE]",
    "equals": "Fn::Equals: [VALUE, VALUE]",
    "and": "Fn::And: [CONDITION, CONDITION]",
    "or": "Fn::Or: [CONDITION, CONDITION]",
    "not": "Fn::Not: [CONDITION]",
}
"""How the other dialect writes a call."""


_NOWHERE: Mapping[str, str] = {
    "Fn::GetStackOutput": "use Fn::ImportValue, or a parameter",
    "Fn::Transform": "there are no macros; write out what it makes",
}
"""Functions of AWS that no template has here, and what to do instead."""


def about_missing(function: str) -> str:
    """What to do about a function that only AWS has; empty for others."""
    return _NOWHERE.get(function, "")


def counterpart(function: str) -> str:
    """How a call of the other dialect is written in this one; empty if it cannot be."""
    return f"here it is written {_CALLS[function]}" if function in _CALLS else ""


def about_word(word: str, version: TemplateVersion, words: Words) -> str:
    """What to do about a word that is none of those that ``words`` gives for a version.

    It may have come with a later version, be the other dialect's, or be misspelt.
    """
    known = words(version)
    if since := first_with(word, version, words):
        return since
    if word in _WITHOUT_EFFECT:
        return f"it has no effect here; {_WITHOUT_EFFECT[word]}"
    if word in _COUNTERPARTS and word not in known:
        return f"here it is {_COUNTERPARTS[word]}"
    near = suggest(word, known)
    if not near and words is resource_keys:
        return "what a type is given stands below its properties"
    return near or near_or_all(word, known)


def resource_keys(version: TemplateVersion) -> Collection[str]:
    return version.resource_keys


def output_keys(version: TemplateVersion) -> Collection[str]:
    return version.output_keys


def first_with(word: str, version: TemplateVersion, words: Words) -> str:
    """Says which version of the same dialect is the first to have ``word``; empty if none has."""
    having = [
        each
        for each in VERSIONS.values()
        if each.is_hot == version.is_hot and not each.alias and word in words(each)
    ]
    if not having:
        return ""
    first = min(having, key=lambda each: each.hot_date)
    if version.is_hot:
        return f"version {first.number} is the first to have it"
    return f"{first.section}: {first.number} has it"


def about_version(section: str, number: str) -> str:
    """What to do about a version that does not exist."""
    known = [each for each in VERSIONS.values() if each.section == section]
    numbers = [each.number for each in known]
    dates = sorted({each.hot_date or each.number for each in known})
    if not number[:4].isdecimal():
        return suggest(number, numbers) or f"the newest is {dates[-1]}"
    nearest = max((date for date in dates if date <= number), default=dates[0])
    return f"did you mean {nearest!r}?"
