"""What a creation waits for, as templates for AWS say it."""

from __future__ import annotations

from typing import Any

import pytest

from isotherm.core.creation_policies import CreationPolicy, awaits_signals, read_creation_policy
from isotherm.core.values import Unknown

LATER = Unknown("r")


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ({"ResourceSignal": {"Count": 0}}, CreationPolicy(0, 0, 300.0)),
        ({"ResourceSignal": None}, CreationPolicy(1, 1, 300.0)),
        ({"ResourceSignal": {"Count": "3", "Timeout": "PT1H2M3S"}}, CreationPolicy(3, 3, 3723.0)),
        (
            {
                "ResourceSignal": {"Count": 3, "Timeout": "PT10S"},
                "AutoScalingCreationPolicy": {"MinSuccessfulInstancesPercent": 50},
            },
            CreationPolicy(3, 2, 10.0),
        ),
        (None, None),
        ("x", None),
        ({}, None),
        ({"ResourceSignal": LATER}, None),
        ({"ResourceSignal": {"Count": LATER}}, None),
        ({"ResourceSignal": {}, "AutoScalingCreationPolicy": LATER}, None),
    ],
)
def test_what_it_says(said: Any, read: CreationPolicy | None) -> None:
    assert read_creation_policy(said) == read


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"ResourceSignal": []}, None),
        ({"ResourceSignal": [1]}, "are maps"),
        ({"ResourceSignal": {}, "AutoScalingCreationPolicy": "x"}, "are maps"),
        ({"ResourceSignal": {"Count": -1}}, "Count"),
        ({"ResourceSignal": {"Count": "many"}}, "Count"),
        ({"ResourceSignal": {"Timeout": "5 minutes"}}, "Timeout"),
        ({"ResourceSignal": {"Timeout": "PT"}}, "Timeout"),
        ({"ResourceSignal": {"Timeout": "PT0S"}}, "Timeout"),
        ({"ResourceSignal": {"Timeout": "PT13H"}}, "Timeout"),
        (
            {
                "ResourceSignal": {},
                "AutoScalingCreationPolicy": {"MinSuccessfulInstancesPercent": 101},
            },
            "MinSuccessfulInstancesPercent",
        ),
    ],
)
def test_what_is_wrong_with_it(said: Any, wrong: str | None) -> None:
    assert awaits_signals(said)
    if wrong is None:
        assert read_creation_policy(said) is not None
        return
    with pytest.raises(ValueError, match=wrong):
        read_creation_policy(said)


@pytest.mark.parametrize(
    ("heard", "verdict"),
    [
        ((), None),
        (("SUCCESS",), None),
        (("SUCCESS", "FAILURE"), None),
        (("SUCCESS", "SUCCESS"), True),
        (("FAILURE", "FAILURE"), False),
    ],
)
def test_when_it_is_enough(heard: tuple[str, ...], verdict: bool | None) -> None:
    told = {str(at): each for at, each in enumerate(heard)}
    assert CreationPolicy(3, 2, 1.0).verdict(told) is verdict
