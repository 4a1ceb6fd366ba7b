"""What was checked against real services, as the pages of types and of the local cloud tell it."""
# ruff: noqa: INP001 -- scripts are no package

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache

from tests.contracts.checked import Checked, load
from tests.localcloud.conversing import REAL

from isotherm.kit import AnyType

_ASKED = {"alarm": "alarming", "message": "messaging"}
"""What a service is called where it was asked step by step, if that is another name."""
_ORCHESTRATION = ""


def checked_against(resource_type: AnyType) -> str:
    """The release of the service on which the type's contract test passed, if it did."""
    checked = _checked()
    if resource_type.name not in checked.types:
        return ""
    if resource_type.service == _ORCHESTRATION:
        return "a cloud of these"
    return checked.releases.get(resource_type.service, "")


def services(types: Mapping[str, AnyType]) -> Iterator[tuple[str, str, str, str]]:
    """Each real service, its release, how many answers are test data, how many tests passed."""
    checked = _checked()
    for service, release in sorted(checked.releases.items()):
        own = [name for name, each in types.items() if each.service == service]
        answers = _answers(_ASKED.get(service, service))
        yield service, release, str(answers or ""), str(checked.tests_of(own))


def counts() -> str:
    checked = _checked()
    return f"{len(checked.passed)} passed, {len(checked.failed)} did not"


def failures() -> Iterator[str]:
    yield from _checked().failed


@cache
def _checked() -> Checked:
    return load()


def _answers(service: str) -> int:
    recorded = [*REAL.glob(f"{service}.json"), *REAL.glob(f"{service}.*.json")]
    return sum(len(json.loads(each.read_text())) for each in recorded)
