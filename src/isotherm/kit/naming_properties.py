"""Properties that many types have: the name and description of an object."""

from __future__ import annotations

from isotherm.kit.declarations import prop
from isotherm.kit.properties import Properties


class Named(Properties):
    """What has a name that may change."""

    name: str | None = prop("Name; by default one is made up.", update_allowed=True)


class Described(Named):
    """What also has a description, which is empty where none is given."""

    description: str | None = prop("Description.", clears="", update_allowed=True)
