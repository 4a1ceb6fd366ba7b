"""Metadata and settings as they come and go in headers."""

from collections.abc import Mapping

from isotherm.localcloud.object_store import faults
from isotherm.localcloud.object_store.entities import Metadata

LONGEST_NAME, LONGEST_VALUE, MOST = 128, 256, 90


def metadata_said(headers: Mapping[str, str], kind: str) -> Metadata:
    """What the headers `X-<kind>-Meta-…` say; an empty value takes one away. Raises Fault 400."""
    prefix, removal = f"x-{kind}-meta-", f"x-remove-{kind}-meta-"
    said = {
        name.removeprefix(prefix): value
        for name, value in headers.items()
        if name.startswith(prefix)
    }
    said |= {name.removeprefix(removal): "" for name in headers if name.startswith(removal)}
    for name, value in said.items():
        if not name:
            raise faults.refused(400, "Metadata name cannot be empty")
        if len(name) > LONGEST_NAME:
            raise faults.refused(400, f"Metadata name too long: {prefix}{name}")
        if len(value) > LONGEST_VALUE:
            raise faults.refused(400, f"Metadata value longer than {LONGEST_VALUE}: {prefix}{name}")
    if len(said) > MOST:
        raise faults.refused(400, f"Too many metadata items; max {MOST}")
    return said


def merged(before: Metadata, said: Metadata) -> Metadata:
    return {name: value for name, value in {**before, **said}.items() if value}


def metadata_shown(metadata: Metadata, kind: str) -> dict[str, str]:
    return {_titled(f"x-{kind}-meta-{name}"): value for name, value in metadata.items()}


def _titled(name: str) -> str:
    return "-".join(part.capitalize() for part in name.split("-"))


def timestamp(seconds: float) -> str:
    return f"{seconds:.5f}"
