"""OS::Heat::None: stands in for any resource and does nothing."""

from isotherm import kit
from isotherm.kit import register, supported


@register("OS::Heat::None", support=supported("5.0.0"))
class NoneResource(kit.PlaceholderType):
    """A placeholder for any resource: takes every property, every attribute is null."""
