"""OS::Keystone::Project: what users work in, and own things by."""

from typing import Any

from isotherm import kit
from isotherm.kit import Named, attr, prop, register, supported
from isotherm.kit.services.identity import PROJECT
from isotherm.resources.identity.identity_type import IdentityType


class ProjectProperties(Named):
    domain: str = prop("Domain that it is in.", default="default", finds="keystone.domain", update_allowed=True)
    description: str | None = prop("Description.", default="", clears="", update_allowed=True)
    enabled: bool = prop("Whether anybody can work in it.", default=True, update_allowed=True)
    parent: str | None = prop("Project that it is part of.", finds="keystone.project", since="6.0.0")
    tags: list[Any] = prop("Tags.", default=[], update_allowed=True, since="10.0.0")


@register("OS::Keystone::Project", support=supported("2015.1"))
class Project(IdentityType[ProjectProperties]):
    """What users work in, and own things by."""

    entity = PROJECT
    claims = (kit.Claim("name of a project", ("name",)),)
    attributes = (
        attr("name", doc="Its name.", since="10.0.0"),
        attr("parent_id", doc="Project that it is part of, or its domain.", since="10.0.0"),
        attr("domain_id", doc="Domain that it is in.", since="10.0.0"),
        attr("enabled", bool, "Whether anybody can work in it.", since="10.0.0"),
        attr("is_domain", bool, "Whether it stands for a domain.", since="10.0.0"),
    )
