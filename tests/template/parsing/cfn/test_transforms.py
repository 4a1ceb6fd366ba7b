"""The section Transform."""

from __future__ import annotations

from typing import Any

import pytest
from tests.template.support import definition

from isotherm.core.diagnostics import InvalidDocument

EXTENSIONS = "AWS::LanguageExtensions"
SERVERLESS = "AWS::Serverless-2016-10-31"


def template(transform: Any) -> dict[str, Any]:
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Transform": transform,
        "Resources": {
            "Fn::ForEach::Disks": [
                "Name",
                ["Logs", "Data"],
                {"Disk${Name}": {"Type": "OS::Heat::Value", "Properties": {"value": "${Name}"}}},
            ]
        },
    }


@pytest.mark.parametrize("transform", [EXTENSIONS, [EXTENSIONS]])
def test_the_language_extensions_are_part_of_the_language(transform: Any) -> None:
    assert definition(template(transform)).resources.keys() == {"DiskLogs", "DiskData"}


@pytest.mark.parametrize(
    ("transform", "path"),
    [(SERVERLESS, "Transform"), ([EXTENSIONS, SERVERLESS], "Transform.1")],
)
def test_other_transforms_are_refused_where_they_stand(transform: Any, path: str) -> None:
    with pytest.raises(InvalidDocument) as refusal:
        definition(template(transform))
    (found,) = refusal.value.diagnostics
    assert found.path == path
    assert found.text == f"the transform {SERVERLESS} is not offered"


def test_the_older_format_has_no_transforms() -> None:
    source = template(EXTENSIONS)
    del source["AWSTemplateFormatVersion"]
    with pytest.raises(InvalidDocument, match="section is invalid: Transform"):
        definition({"HeatTemplateFormatVersion": "2012-12-12", **source})
