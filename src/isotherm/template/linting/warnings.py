"""What warnings there are, by their stable short names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from isotherm.template.document import Path


class Warned(NamedTuple):
    """A warning about the value at ``path``, or about its key."""

    name: str
    path: Path
    text: str
    hint: str = ""
    key: bool = False


WARNINGS: Mapping[str, str] = {
    "aws-default": "AWS keeps a copy of what is deleted here.",
    "aws-ignored-property": "A property of a type of AWS is accepted and has no effect here.",
    "aws-lookup": "AWS would look a value up in a store; here it is taken as it stands.",
    "aws-value": "A pseudo parameter has another value here than on AWS.",
    "call-in-text": "A text contains what looks like a call; texts are not evaluated.",
    "crowded-call": "A call shares its map with other keys, so it is plain data.",
    "deprecated": "A type, property or attribute is deprecated or hidden.",
    "fixed-condition": "A condition is always true or always false.",
    "ignored-constraint": "An entry of constraints has two kinds, and only one counts.",
    "impossible-constraint": "No value can satisfy a constraint.",
    "misplaced-call": "A map looks like a call, but this version knows no such function here.",
    "misread-scalar": "YAML reads a scalar as something else than what stands there.",
    "missing-output": "An output reads an output that the nested template does not have.",
    "needless-sub": "Fn::Sub has nothing to fill in.",
    "odd-space": "What looks like a space is a character that YAML reads as text.",
    "repeated-dependency": "A dependency is declared twice, or implied already.",
    "repeated-value": "An allowed value is listed twice.",
    "same-branches": "Both branches of a decision are the same.",
    "shown-secret": "An output shows a hidden parameter.",
    "unfetched-template": "A template at an address is not looked at: lint works offline.",
    "unknown-constraint": "A custom constraint is not known; its name looks like a known one.",
    "unknown-key": "A key has no effect.",
    "unusable-default": "A default does not fit the parameter's type.",
    "unused-condition": "A condition is never used.",
    "unused-mapping": "A mapping is never used.",
    "unused-parameter": "A parameter is never used.",
    "unused-placeholder": "A placeholder does not occur in the text.",
    "visible-secret": "The name of a parameter says that it is secret, but it is not hidden.",
}
