"""OS::Heat::*: resources that live in the service itself."""

from isotherm.resources.orchestration import (
    delay,
    none,
    random_string,
    resource_chain,
    resource_group,
    stacks,
    test_resource,
    value,
)

__all__ = [
    "delay",
    "none",
    "random_string",
    "resource_chain",
    "resource_group",
    "stacks",
    "test_resource",
    "value",
]
