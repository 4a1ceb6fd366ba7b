"""Domains and projects."""

from typing import Any

from isotherm.localcloud.exchange import Call, Fault, Reply
from isotherm.localcloud.identity import people
from isotherm.localcloud.identity.dialect import IdentityKind
from isotherm.localcloud.identity.entities import TAGS, Domain, Project
from isotherm.localcloud.identity.faults import forbidden, invalid
from isotherm.localcloud.identity.policies import require_admin, require_owner
from isotherm.localcloud.identity.rendering import link, listing
from isotherm.localcloud.identity.state import Identity, found
from isotherm.localcloud.kinds import Life, Listing, Wish
from isotherm.localcloud.routing import Routes


def _complete(identity: Identity, call: Call, wish: Wish) -> Wish:
    """A new project has its place."""
    return wish if call.method == "PATCH" else {**wish, **_place(identity, call, wish)}


def _place(identity: Identity, call: Call, values: Wish) -> dict[str, str]:
    """The domain and the parent. Raises Fault 400."""
    parent_id, domain_id = values.get("parent_id"), values.get("domain_id")
    parent = identity.projects.get(parent_id) if parent_id else None
    if parent_id and parent is None and parent_id not in identity.domains:
        raise Fault(400, f"Could not find project: {parent_id}.")
    own = call.caller.project_domain_id or call.caller.domain_id or "default"
    domain_id = domain_id or own
    if domain_id not in identity.domains:
        raise Fault(400, f"Could not find domain: {domain_id}.")
    parents = parent.domain_id if parent else parent_id
    if parents and parents != domain_id:
        raise invalid(
            f"Cannot create project, since it specifies its domain_id {domain_id}, but specifies "
            f"a parent in a different domain ({parents})."
        )
    return {"domain_id": domain_id, "parent_id": parent_id or domain_id}


def _may_show_domain(call: Call, rule: str) -> None:
    caller, own = call.caller, (call.caller.domain_id, call.caller.project_domain_id)
    if not caller.is_admin and call.params["id"] not in own:
        raise forbidden(f"identity:{rule}")


def _may_show_project(call: Call, rule: str) -> None:
    if not call.caller.sees(call.params["id"]):
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


def _check_place(before: Project, values: Wish) -> None:
    if values.get("domain_id", before.domain_id) != before.domain_id:
        raise invalid("Cannot change Domain ID")
    if values.get("parent_id", before.parent_id) != before.parent_id:
        raise Fault(403, "Update of `parent_id` is not allowed.")


def _verify(identity: Identity, project: Project) -> None:
    people.check_project_name(identity, project)
    there = identity.projects.get(project.id)
    if there is None or project.enabled or not there.enabled:
        return
    if any(each.enabled for each in _below(identity, project.id)):
        raise Fault(
            403,
            f"Cannot disable project {project.id} since its subtree contains enabled projects.",
        )


def _below(identity: Identity, project_id: str) -> list[Project]:
    """The projects below this one, at any depth."""
    children = [each for each in identity.projects if each.parent_id == project_id]
    return children + [each for child in children for each in _below(identity, child.id)]


DOMAINS = IdentityKind[Domain](
    name="domain",
    entity=Domain,
    life=Life(removed=people.delete_domain),
    listing=Listing(filters=("name", "enabled")),
    verify=people.check_domain_name,
    may_show=_may_show_domain,
)
PROJECTS = IdentityKind[Project](
    name="project",
    entity=Project,
    life=Life(removed=people.delete_project),
    listing=Listing(filters=("name", "domain_id", "parent_id", "enabled", "is_domain")),
    complete=_complete,
    verify=_verify,
    check_change=_check_place,
    matches=_has_tags,
    may_show=_may_show_project,
    look_up=_look_up,
    tells_rest=True,
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
    return listing(call, "domains", [DOMAINS.show(identity, call, each) for each in own])


def projects_of(identity: Identity, call: Call, user_id: str) -> list[dict[str, Any]]:
    own = [each for each in identity.projects if identity.roles_on(user_id, each.id)]
    return [PROJECTS.show(identity, call, each) for each in own if each.enabled]


@routes.get("/projects/{project_id}/tags", "project.list_tags")
def list_tags(identity: Identity, call: Call) -> object:
    project_id = call.params["project_id"]
    if not call.caller.sees(project_id):
        raise forbidden("identity:list_project_tags")
    return _show_tags(call, found(identity.projects, project_id))


@routes.put("/projects/{project_id}/tags", "project.replace_tags")
def replace_tags(identity: Identity, call: Call) -> object:
    require_admin(call, "update_project_tags")
    project = found(identity.projects, call.params["project_id"])
    try:
        project.tags = TAGS.check(call.json.get("tags"))
    except ValueError as error:
        raise invalid(f"Invalid input for field/attribute tags. {error}") from error
    return _show_tags(call, identity.projects.save(project))


@routes.put("/projects/{project_id}/tags/{tag}", "project.add_tag")
def add_tag(identity: Identity, call: Call) -> Reply:
    require_admin(call, "create_project_tag")
    project = found(identity.projects, call.params["project_id"])
    if call.params["tag"] not in project.tags:
        project.tags.append(call.params["tag"])
        identity.projects.save(project)
    where = link(call, f"projects/{project.id}/tags/{call.params['tag']}")
    return Reply(201, None, {"Location": where})


@routes.delete("/projects/{project_id}/tags/{tag}", "project.remove_tag")
def remove_tag(identity: Identity, call: Call) -> None:
    require_admin(call, "delete_project_tag")
    project = found(identity.projects, call.params["project_id"])
    if call.params["tag"] not in project.tags:
        raise Fault(404, f"Could not find project tag: {call.params['tag']}.")
    project.tags.remove(call.params["tag"])
    identity.projects.save(project)


def _show_tags(call: Call, project: Project) -> dict[str, Any]:
    return {"links": {"self": f"{call.base_url}/identity/v3"}, "tags": project.tags}
