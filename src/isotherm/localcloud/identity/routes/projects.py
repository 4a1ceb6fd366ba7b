"""Routes of domains and projects."""

from typing import Annotated, Any

import msgspec
from msgspec import UNSET, UnsetType

from isotherm.localcloud.exchange import Call, Fault, Reply
from isotherm.localcloud.identity import people
from isotherm.localcloud.identity.entities import Domain, Project
from isotherm.localcloud.identity.faults import forbidden
from isotherm.localcloud.identity.policies import require_admin, require_owner
from isotherm.localcloud.identity.rendering import (
    filtered,
    link,
    listing,
    read,
    required,
    unknown_fields,
    update,
)
from isotherm.localcloud.identity.state import Identity
from isotherm.localcloud.routing import Routes

routes = Routes[Identity]("/v3")
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


@routes.post("/domains", "domain.create", status=201)
def create_domain(identity: Identity, call: Call) -> object:
    require_admin(call, "create_domain")
    domain = Domain(**required(read(call, "domain", DomainFields), "domain", "name"))
    people.check_domain_name(identity, domain)
    return {"domain": show_domain(call, identity.domains.add(domain))}


@routes.get("/domains", "domain.list")
def list_domains(identity: Identity, call: Call) -> object:
    require_admin(call, "list_domains")
    found = filtered(identity.domains, call, "name", "enabled")
    return listing(call, "domains", [show_domain(call, each) for each in found])


@routes.get("/domains/{domain_id}", "domain.show")
def get_domain(identity: Identity, call: Call) -> object:
    caller, domain_id = call.caller, call.params["domain_id"]
    own = (caller.domain_id, caller.project_domain_id)
    if not caller.is_admin and domain_id not in own:
        raise forbidden("identity:get_domain")
    return {"domain": show_domain(call, people.find_domain(identity, domain_id))}


@routes.patch("/domains/{domain_id}", "domain.update")
def update_domain(identity: Identity, call: Call) -> object:
    require_admin(call, "update_domain")
    domain = people.find_domain(identity, call.params["domain_id"])
    fields = read(call, "domain", DomainFields)
    changed = msgspec.structs.replace(domain)
    update(changed, fields)
    people.check_domain_name(identity, changed)
    identity.domains.save(changed)
    identity.forget_callers()
    return {"domain": show_domain(call, changed)}


@routes.delete("/domains/{domain_id}", "domain.delete")
def delete_domain(identity: Identity, call: Call) -> None:
    require_admin(call, "delete_domain")
    people.delete_domain(identity, people.find_domain(identity, call.params["domain_id"]))


@routes.post("/projects", "project.create", status=201)
def create_project(identity: Identity, call: Call) -> object:
    require_admin(call, "create_project")
    fields = read(call, "project", ProjectFields)
    values = required(fields, "project", "name")
    project = Project(
        **{**values, **_place(identity, call, values)},
        extra=unknown_fields(call, "project", ProjectFields),
    )
    people.check_project_name(identity, project)
    return {"project": show_project(call, identity.projects.add(project))}


def _place(identity: Identity, call: Call, values: dict[str, Any]) -> dict[str, str]:
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


@routes.get("/projects", "project.list")
def list_projects(identity: Identity, call: Call) -> object:
    require_admin(call, "list_projects")
    fields = ("name", "domain_id", "parent_id", "enabled", "is_domain")
    found = filtered(identity.projects, call, *fields)
    if (tags := call.argument("tags")) is not None:
        found = [each for each in found if set(tags.split(",")) <= set(each.tags)]
    return listing(call, "projects", [show_project(call, each) for each in found])


@routes.get("/projects/{project_id}", "project.show")
def get_project(identity: Identity, call: Call) -> object:
    project_id = call.params["project_id"]
    if not call.caller.sees(project_id):
        raise forbidden("identity:get_project")
    domain = identity.domains.get(project_id)
    if domain is not None:
        return {"project": _show_as_project(call, domain)}
    return {"project": show_project(call, people.find_project(identity, project_id))}


@routes.patch("/projects/{project_id}", "project.update")
def update_project(identity: Identity, call: Call) -> object:
    require_admin(call, "update_project")
    project = people.find_project(identity, call.params["project_id"])
    fields = read(call, "project", ProjectFields)
    changed = msgspec.structs.replace(project)
    update(changed, fields)
    if (changed.domain_id, changed.parent_id) != (project.domain_id, project.parent_id):
        raise forbidden("Update of `domain_id` or `parent_id` is not allowed.")
    people.check_project_name(identity, changed)
    changed.extra = {**project.extra, **unknown_fields(call, "project", ProjectFields)}
    identity.projects.save(changed)
    identity.forget_callers()
    return {"project": {**show_project(call, changed), "extra": changed.extra}}


@routes.delete("/projects/{project_id}", "project.delete")
def delete_project(identity: Identity, call: Call) -> None:
    require_admin(call, "delete_project")
    people.delete_project(identity, people.find_project(identity, call.params["project_id"]))


@routes.get("/users/{user_id}/projects", "project.list_of_user")
def list_projects_of_user(identity: Identity, call: Call) -> object:
    require_owner(call, call.params["user_id"], "list_user_projects")
    user = people.find_user(identity, call.params["user_id"])
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
    return _show_tags(call, people.find_project(identity, project_id))


@routes.put("/projects/{project_id}/tags", "project.replace_tags")
def replace_tags(identity: Identity, call: Call) -> object:
    require_admin(call, "update_project_tags")
    project = people.find_project(identity, call.params["project_id"])
    project.tags = read(call, "tags", list[str])
    return _show_tags(call, identity.projects.save(project))


@routes.put("/projects/{project_id}/tags/{tag}", "project.add_tag")
def add_tag(identity: Identity, call: Call) -> Reply:
    require_admin(call, "create_project_tag")
    project = people.find_project(identity, call.params["project_id"])
    if call.params["tag"] not in project.tags:
        project.tags.append(call.params["tag"])
        identity.projects.save(project)
    where = link(call, f"projects/{project.id}/tags/{call.params['tag']}")
    return Reply(201, None, {"Location": where})


@routes.delete("/projects/{project_id}/tags/{tag}", "project.remove_tag")
def remove_tag(identity: Identity, call: Call) -> None:
    require_admin(call, "delete_project_tag")
    project = people.find_project(identity, call.params["project_id"])
    if call.params["tag"] not in project.tags:
        raise Fault(404, f"Could not find project tag: {call.params['tag']}.")
    project.tags.remove(call.params["tag"])
    identity.projects.save(project)


def _show_tags(call: Call, project: Project) -> dict[str, Any]:
    return {"links": {"self": f"{call.base_url}/identity/v3"}, "tags": project.tags}


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


def _show_as_project(call: Call, domain: Domain) -> dict[str, Any]:
    """A domain is a project that is its own root."""
    shown = {**show_domain(call, domain), "domain_id": None, "parent_id": None, "is_domain": True}
    return {**shown, "links": {"self": link(call, f"projects/{domain.id}")}}


def show_project(call: Call, project: Project) -> dict[str, Any]:
    return {
        **project.extra,
        "id": project.id,
        "name": project.name,
        "domain_id": project.domain_id,
        "description": project.description,
        "enabled": project.enabled,
        "parent_id": project.parent_id,
        "is_domain": project.is_domain,
        "tags": project.tags,
        "options": project.options,
        "links": {"self": link(call, f"projects/{project.id}")},
    }
