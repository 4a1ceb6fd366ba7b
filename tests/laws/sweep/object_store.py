"""Samples of what lies in the object store."""

from __future__ import annotations

from collections.abc import Mapping

from tests.laws.sweep.samples import Sample

SAMPLES: Mapping[str, Sample] = {
    "AWS::S3::Bucket": Sample({"AccessControl": "PublicRead"}, None, {"AccessControl": "Private"}),
    "OS::Heat::SwiftSignalHandle": Sample(),
    "OS::Swift::Container": Sample(
        {"X-Container-Read": ".r:*", "X-Account-Meta": {"Colour": "red"}},
        None,
        {"X-Container-Meta": {"Colour": "blue"}, "PurgeOnDelete": True},
    ),
    "OS::Swift::Container named": Sample(
        {"name": "stack-files", "X-Container-Read": ".r:*"},
        None,
        {"name": "stack-files", "X-Container-Write": "a:b"},
    ),
}
