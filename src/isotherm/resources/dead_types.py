"""Types of services that are gone: templates that name them still load.

They are placeholders: they take every property, every attribute is null, and they make nothing.
"""

from collections.abc import Sequence

from isotherm import kit
from isotherm.core.schema import SupportStatus
from isotherm.kit import register
from isotherm.resources import read_table


def _support(history: Sequence[str]) -> SupportStatus:
    """The newest status, with those before it."""
    status, version = history[0].split()
    return SupportStatus(status, version, None, _support(history[1:]) if history[1:] else None)


for _name, _about in read_table("dead_types.yaml").items():
    _members = {"__doc__": _about["what"], "__module__": __name__, "service": _about.get("service", "")}
    register(_name, support=_support(_about["history"]))(
        type(_name.replace("::", ""), (kit.PlaceholderType,), _members)
    )
