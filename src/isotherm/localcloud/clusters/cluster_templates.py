"""Templates that clusters are made of."""

from typing import Any

from isotherm.localcloud.clusters.dialect import DIALECT, by_name, links
from isotherm.localcloud.clusters.entities import ClusterTemplate
from isotherm.localcloud.clusters.state import ContainerInfrastructure
from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.kinds import Kind, Listing, Wish


def create(infrastructure: ContainerInfrastructure, call: Call, wish: Wish) -> ClusterTemplate:
    _check_public(call, wish)
    if wish["name"] is None:
        wish["name"] = f"template-{len(infrastructure.templates) + 1}"
    return TEMPLATES.add(infrastructure, call.caller, wish)


def change(
    infrastructure: ContainerInfrastructure, call: Call, template: ClusterTemplate, wish: Wish
) -> None:
    _check_public(call, wish)
    used = any(each.cluster_template_id == template.id for each in infrastructure.clusters)
    if used and set(wish) - {"public", "hidden"}:
        raise Fault(400, f"ClusterTemplate {template.id} is used by one or more clusters.")
    TEMPLATES.assign(infrastructure, template, wish)


def _check_public(call: Call, wish: Wish) -> None:
    if wish.get("public") and not call.caller.is_admin:
        raise DIALECT.forbidden("clustertemplate:publish")


def delete(infrastructure: ContainerInfrastructure, call: Call, template: ClusterTemplate) -> None:
    if any(each.cluster_template_id == template.id for each in infrastructure.clusters):
        raise Fault(400, f"ClusterTemplate {template.id} is used by one or more clusters.")


def _more(
    infrastructure: ContainerInfrastructure, call: Call, template: ClusterTemplate, view: str
) -> dict[str, Any]:
    return {"uuid": template.id, "links": links(call, "clustertemplates", template.id)}


TEMPLATES = Kind[ContainerInfrastructure, ClusterTemplate](
    dialect=DIALECT,
    name="clustertemplate",
    noun="ClusterTemplate",
    entity=ClusterTemplate,
    listing=Listing(filters=("name",)),
    create=create,
    change=change,
    delete=delete,
    visible=lambda service, caller, each: each.public or caller.sees(each.project_id),
    find_as=lambda service, caller, asked: by_name(service, service.templates, caller, asked),
    more=_more,
)
