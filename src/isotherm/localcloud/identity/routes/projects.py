"""Routes of domains and projects."""

from typing import Annotated, Any

import msgspec
from msgspec import UNSET, UnsetType

from isotherm.localcloud.exchange import Call, Fault, Reply
from isotherm.localcloud.identity import people
from isotherm.localcloud.identity.entities import Domain, Project
from isotherm.localcloud.identity.faults import forbidden
from isotherm.localcloud.identity.policies import require_admin, require_owner
from isotherm.localcloud.identity.rendering import link, listing, read
from isotherm.localcloud.identity.routes.resources import Kind, Values
from isotherm.localcloud.identity.state import Identity, found
from isotherm.localcloud.routing import Routes

Tags = list[Annotated[str, msgspec.Meta(min_length=1, max_length=255)]]


class DomainFields(msgspec.Struct, kw_only=True):
    name: str | UnsetType = UNSET
    description: str | UnsetType | None = UNSET
    enabled: bool | UnsetType = UNSET
    tags: Tags | UnsetType = UNSET
    options: dict[str, Any] | UnsetType = UNSET


class ProjectFields(DomainFields, kw_only=True):
    domain_id: str | UnsetType | None = UNSET
    parent_id: str | UnsetType | None = UNSET
    is_domain: bool | UnsetType = UNSET


def _make_domain(identity: Identity, call: Call, values: Values) -> Domain:
    return Domain(**values)


def _make_project(identity: Identity, call: Call, values: Values) -> Project:
    return Project(**{**values, **_place(identity, call, values)})


def _place(identity: Identity, call: Call, values: Values) -> dict[str, str]:
    """The domain and the parent, each found from the other. Raises Fault 400."""
    parent_id, domain_id = values.get("parent_id"), values.get("domain_id")
    parent = identity.projects.get(parent_id) if parent_id else None
    if parent_id and parent is None and parent_id not in identity.domains:
        raise Fault(400, f"Could not find project: {parent_id}.")
    if domain_id is None:
        own = call.caller.project_domain_id or call.caller.domain_id or "default"
        domain_id = parent.domain_id if parent else parent_id or own
    if domain_id not in identity.domains:
        raise Fault(400, f"Could not find domain: {domain_id}.")
    return {"domain_id": domain_id, "parent_id": parent_id or domain_id}


def _may_show_domain(call: Call, rule: str) -> None:
    caller, own = call.caller, (call.caller.domain_id, call.caller.project_domain_id)
    if not caller.is_admin and call.params["domain_id"] not in own:
        raise forbidden(f"identity:{rule}")


def _may_show_project(call: Call, rule: str) -> None:
    if not call.caller.sees(call.params["project_id"]):
        raise forbidden(f"identity:{rule}")


def _look_up(identity: Identity, project_id: str) -> Project:
    """A domain is a project that is its own root."""
    domain = identity.domains.get(project_id)
    if domain is None:
        return found(identity.projects, project_id)
    return Project(
        id=domain.id,
        name=domain.name,
        domain_id="",
        parent_id="",
        description=domain.description,
        enabled=domain.enabled,
        is_domain=True,
        tags=domain.tags,
        options=domain.options,
    )


def _has_tags(call: Call, project: Project) -> bool:
    tags = call.argument("tags")
    return tags is None or set(tags.split(",")) <= set(project.tags)


def _check_place(before: Project, values: Values) -> None:
    for name in ("domain_id", "parent_id"):
        if values.get(name, getattr(before, name)) != getattr(before, name):
            raise forbidden("Update of `domain_id` or `parent_id` is not allowed.")


def show_domain(call: Call, domain: Domain) -> dict[str, Any]:
    return {
        "id": domain.id,
        "name": domain.name,
        "description": domain.description,
        "enabled": domain.enabled,
        "tags": domain.tags,
        "options": domain.options,
        "links": {"self": link(call, f"domains/{domain.id}")},
    }


def show_project(call: Call, project: Project) -> dict[str, Any]:
    return {
        **project.extra,
        "id": project.id,
        "name": project.name,
        "domain_id": project.domain_id or None,
        "description": project.description,
        "enabled": project.enabled,
        "parent_id": project.parent_id or None,
        "is_domain": project.is_domain,
        "tags": project.tags,
        "options": project.options,
        "links": {"self": link(call, f"projects/{project.id}")},
    }


DOMAINS = Kind[Domain](
    name="domain",
    plural="domains",
    collection=lambda identity: identity.domains,
    fields=DomainFields,
    make=_make_domain,
    show=show_domain,
    delete=people.delete_domain,
    filters=("name", "enabled"),
    check=people.check_domain_name,
    may_show=_may_show_domain,
)
PROJECTS = Kind[Project](
    name="project",
    plural="projects",
    collection=lambda identity: identity.projects,
    fields=ProjectFields,
    make=_make_project,
    show=show_project,
    delete=people.delete_project,
    filters=("name", "domain_id", "parent_id", "enabled", "is_domain"),
    check=people.check_project_name,
    check_change=_check_place,
    matches=_has_tags,
    may_show=_may_show_project,
    look_up=_look_up,
)
routes = Routes[Identity]("/v3")


@routes.get("/users/{user_id}/projects", "project.list_of_user")
def list_projects_of_user(identity: Identity, call: Call) -> object:
    require_owner(call, call.params["user_id"], "list_user_projects")
    user = found(identity.users, call.params["user_id"])
    return listing(call, "projects", projects_of(identity, call, user.id))


@routes.get("/auth/projects", "project.list_own")
def list_own_projects(identity: Identity, call: Call) -> object:
    return listing(call, "projects", projects_of(identity, call, call.caller.user_id))


@routes.get("/auth/domains", "domain.list_own")
def list_own_domains(identity: Identity, call: Call) -> object:
    user_id = call.caller.user_id
    own = [each for each in identity.domains if identity.roles_on(user_id, each.id)]
    return listing(call, "domains", [show_domain(call, each) for each in own])


def projects_of(identity: Identity, call: Call, user_id: str) -> list[dict[str, Any]]:
    own = [each for each in identity.projects if identity.roles_on(user_id, each.id)]
    return [show_project(call, each) for each in own if each.enabled]


@routes.get("/projects/{project_id}/tags", "project.list_tags")
def list_tags(identity: Identity, call: Call) -> object:
    project_id = call.params["project_id"]
    if not call.caller.sees(project_id):
        raise forbidden("identity:list_project_tags")
    return _show_tags(call, found(identity.projects, project_id))


@routes.put("/projects/{project_id}/tags", "project.replace_tags")
def replace_tags(identity: Identity, call: Call) -> object:
    require_admin(call, "update_project_tags")
    project = PROJECTS.find(identity, call)
    project.tags = read(call, "tags", list[str])
    return _show_tags(call, identity.projects.save(project))


@routes.put("/projects/{project_id}/tags/{tag}", "project.add_tag")
def add_tag(identity: Identity, call: Call) -> Reply:
    require_admin(call, "create_project_tag")
    project = PROJECTS.find(identity, call)
    if call.params["tag"] not in project.tags:
        project.tags.append(call.params["tag"])
        identity.projects.save(project)
    where = link(call, f"projects/{project.id}/tags/{call.params['tag']}")
    return Reply(201, None, {"Location": where})


@routes.delete("/projects/{project_id}/tags/{tag}", "project.remove_tag")
def remove_tag(identity: Identity, call: Call) -> None:
    require_admin(call, "delete_project_tag")
    project = PROJECTS.find(identity, call)
    if call.params["tag"] not in project.tags:
        raise Fault(404, f"Could not find project tag: {call.params['tag']}.")
    project.tags.remove(call.params["tag"])
    identity.projects.save(project)


def _show_tags(call: Call, project: Project) -> dict[str, Any]:
    return {"links": {"self": f"{call.base_url}/identity/v3"}, "tags": project.tags}
