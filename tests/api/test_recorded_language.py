"""Template validation and previews, nested templates included, answer as recorded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.asgi import Answer, send
from tests.desk import Desk

from isotherm.api.native import build_application

RECORDED = json.loads((Path(__file__).parent / "recorded_language.json").read_text())
"""Requests, and status, type of error or whole answer (of validations) of the reference."""

HOT = "heat_template_version: 2021-04-16\n"
PAGE = f"""{HOT}description: fetched
parameters:
  s: {{type: string, default: x, constraints: [{{length: {{max: 3}}}}]}}
resources:
  v: {{type: OS::Heat::Value, properties: {{value: {{get_param: s}}}}}}
outputs:
  o: {{value: {{get_attr: [v, value]}}}}
"""
SITE = "http://web.example/"
PAGES = {
    "kid": PAGE,
    "kid.yaml": PAGE,
    "req.yaml": PAGE.replace(", default: x", ""),
    "bad.yaml": "a: [",
    "big.yaml": "#" * 600_000,
    "bin.yaml": "\ufffe\0heat",
    "j.template": '{"heat_template_version": "2021-04-16"}',
    "tree.yaml": f'{HOT}resources:\n  k: {{type: "{SITE}kid.yaml"}}\n',
    "rel.yaml": f"{HOT}resources:\n  k: {{type: kid.yaml}}\n",
    "": "<html/>",
}
"""What lay at the addresses when the answers were recorded."""


@pytest.mark.parametrize("group", sorted({each["case"].partition(":")[0] for each in RECORDED}))
async def test_answers_are_as_recorded(desk: Desk, group: str) -> None:
    desk.pages.contents = {f"{SITE}{name}": text for name, text in PAGES.items()}
    application = build_application(desk.services)
    root, token = f"/v1/{desk.caller.project_id}", {"x-auth-token": desk.caller.token}
    different = []
    for each in RECORDED:
        if not each["case"].startswith(f"{group}:"):
            continue
        paths = {"validate": f"/validate?{each.get('query')}", "preview": "/stacks/preview"}
        for kind in paths.keys() & each.keys():
            body = each["body"] if kind == "validate" else {**each["body"], "stack_name": "pv"}
            reply = await send(application, "POST", f"{root}{paths[kind]}", body, token)
            if (told := answered(reply, each[kind])) != each[kind]:
                different.append((each["case"], kind, told, each[kind]))
    assert different == []


def answered(reply: Answer, recorded: dict[str, Any]) -> dict[str, Any]:
    """The reply, as much of it as is recorded."""
    told: dict[str, Any] = {"status": reply.status}
    if "error" in recorded and reply.status != 200:
        told["error"] = reply.error["type"]
    if "answer" in recorded:
        told["answer"] = reply.data
    return told
