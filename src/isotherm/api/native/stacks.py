"""Handlers of stacks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from isotherm.api.native import views
from isotherm.api.native.call import Call
from isotherm.api.native.requests import create_request, update_request
from isotherm.api.web.bodies import json_response
from isotherm.core.arns import parse_arn
from isotherm.usecases.refusals import BadRequest
from isotherm.usecases.stacks.actions import run_action
from isotherm.usecases.stacks.create import create_stack
from isotherm.usecases.stacks.delete import delete_stack
from isotherm.usecases.stacks.giving_up import abandon_stack, export_stack
from isotherm.usecases.stacks.listing import FILTERS, ListRequest, StackPage, list_stacks
from isotherm.usecases.stacks.preview import preview_create
from isotherm.usecases.stacks.show import (
    lookup_stack,
    show_environment,
    show_files,
    show_stack,
    show_template,
)
from isotherm.usecases.stacks.update import update_stack
from isotherm.usecases.stacks.update_plan import plan_update
from isotherm.usecases.stacks.update_preview import preview_update


async def create(call: Call) -> Response:
    request = create_request(await call.body())
    stack = await create_stack(call.services, call.caller, request)
    location = {"Location": call.links.of(stack)}
    return json_response(views.created_stack(call.links, stack), 201, location)


async def preview(call: Call) -> dict[str, Any]:
    request = create_request(await call.body())
    found = await preview_create(call.services, call.caller, request)
    return {"stack": views.stack_preview(call.links, found)}


async def index(call: Call) -> dict[str, Any]:
    query = call.query
    request = ListRequest(
        filters=query.filters(FILTERS),
        tags=query.words("tags"),
        tags_any=query.words("tags_any"),
        not_tags=query.words("not_tags"),
        not_tags_any=query.words("not_tags_any"),
        show_deleted=query.flag("show_deleted"),
        show_nested=query.flag("show_nested"),
        show_hidden=query.flag("show_hidden"),
        global_tenant=query.flag("global_tenant"),
        with_count=query.flag("with_count"),
        sort_keys=query.all("sort_keys"),
        descending=query.descending(),
        limit=query.number("limit"),
        marker=query.text("marker"),
    )
    page = await list_stacks(call.services, call.caller, request)
    return _page(call, request, page)


async def detail(call: Call) -> dict[str, Any]:
    page = await list_stacks(call.services, call.caller, ListRequest())
    return {"stacks": [views.listed_stack(call.links, each) for each in page.stacks]}


async def lookup(call: Call) -> Response:
    """Redirects from a name, an id or an ``arn`` to the full address."""
    return _found(call, await _address(call))


def lookup_below(name: str) -> Callable[[Call], Awaitable[Response]]:
    """A handler that redirects to what is called ``name`` below a stack."""

    async def handler(call: Call) -> Response:
        return _found(call, f"{await _address(call)}/{name}")

    return handler


async def show(call: Call) -> dict[str, Any]:
    resolve = call.query.flag("resolve_outputs", default=True)
    found = await show_stack(call.services, call.caller, *call.stack, resolve_outputs=resolve)
    return {"stack": views.stack_detail(call.links, found)}


async def template(call: Call) -> Mapping[str, Any]:
    return await show_template(call.services, call.caller, *call.stack)


async def environment(call: Call) -> dict[str, Any]:
    return await show_environment(call.services, call.caller, *call.stack)


async def files(call: Call) -> dict[str, str]:
    return await show_files(call.services, call.caller, *call.stack)


async def update(call: Call) -> dict[str, str]:
    request = update_request(await call.body(), existing=False)
    await update_stack(call.services, call.caller, *call.stack, request)
    return views.accepted()


async def update_patch(call: Call) -> dict[str, str]:
    request = update_request(await call.body(), existing=True)
    await update_stack(call.services, call.caller, *call.stack, request)
    return views.accepted()


async def preview_put(call: Call) -> dict[str, Any]:
    return await _preview_update(call, existing=False)


async def preview_patch(call: Call) -> dict[str, Any]:
    return await _preview_update(call, existing=True)


async def plan_put(call: Call) -> dict[str, Any]:
    return await _plan_update(call, existing=False)


async def plan_patch(call: Call) -> dict[str, Any]:
    return await _plan_update(call, existing=True)


async def delete(call: Call) -> None:
    await delete_stack(call.services, call.caller, *call.stack)


async def action(call: Call) -> None:
    body = await call.body()
    if not body:
        raise BadRequest("No action specified")
    if len(body) > 1:
        raise BadRequest("Multiple actions specified")
    (name,) = body
    await run_action(call.services, call.caller, *call.stack, name)


async def export(call: Call) -> dict[str, Any]:
    found = await export_stack(call.services, call.caller, *call.stack)
    return views.contents(found)


async def abandon(call: Call) -> dict[str, Any]:
    found = await abandon_stack(call.services, call.caller, *call.stack)
    return views.contents(found)


async def _plan_update(call: Call, *, existing: bool) -> dict[str, Any]:
    request = update_request(await call.body(), existing=existing)
    found = await plan_update(call.services, call.caller, call.stack, request)
    return {"plan": {"resources": [views.planned_change(each) for each in found]}}


async def _preview_update(call: Call, *, existing: bool) -> dict[str, Any]:
    request = update_request(await call.body(), existing=existing)
    groups = await preview_update(
        call.services,
        call.caller,
        call.stack,
        request,
        show_nested=call.query.flag("show_nested"),
    )
    return {
        "resource_changes": {
            group: [views.changed_resource(each) for each in members]
            for group, members in groups.items()
        }
    }


def _page(call: Call, request: ListRequest, page: StackPage) -> dict[str, Any]:
    listed = [
        views.listed_stack(
            call.links, each, with_project=request.global_tenant or call.links.everywhere
        )
        for each in page.stacks
    ]
    answer: dict[str, Any] = {"stacks": listed}
    if request.limit and len(page.stacks) == request.limit:
        given = call.request.query_params.multi_items()
        pairs = [(key, value) for key, value in given if key != "marker"]
        following = urlencode([*pairs, ("marker", page.stacks[-1].id)])
        answer["links"] = [{"rel": "next", "href": f"{call.links.own}/stacks?{following}"}]
    if page.count is not None:
        answer["count"] = page.count
    return answer


async def _address(call: Call) -> str:
    name, below = call.path["stack_name"], ""
    if named := parse_arn(name):
        name, below = named.stack_id, named.below
    stack = await lookup_stack(call.services, call.caller, name)
    return call.links.of(stack) + below


def _found(call: Call, target: str) -> Response:
    """A redirect; the query goes along, because clients do not add it again."""
    if query := call.request.url.query:
        target = f"{target}?{query}"
    body = {"message": f"It is at {target}", "code": "302 Found", "title": "Found"}
    return json_response(body, 302, {"Location": target})
