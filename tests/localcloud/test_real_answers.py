"""What real services answered, the local cloud answers, too."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.localcloud.conftest import Http
from tests.localcloud.conversing import (
    REAL,
    Answer,
    Conversation,
    Step,
    differences,
    load,
    said_by_all,
    type_of,
)

from isotherm.cloud.endpoints import official_type
from isotherm.localcloud import LocalCloud

SERVICES = sorted(path.stem for path in REAL.glob("*.yaml"))


@pytest.mark.parametrize("service", SERVICES)
async def test_the_same_is_answered(
    service: str, http: Http, url: str, cloud: LocalCloud, demo_project: str
) -> None:
    """The clock runs on only where a conversation waits."""
    cloud.frame.timings.seconds = {f"{type_of(service)}.*": 0.5}

    async def send(step: Step, method: str, path: str) -> Answer:
        if "until" in step:
            cloud.advance(1)
        said: dict[str, Any] = {"headers": {**said_by_all(service), **step.get("headers", {})}}
        body = step["with"]
        if isinstance(body, str):
            said["data"] = body
        elif body is not None:
            said["json"] = body
        user = step.get("as", "demo")
        answer = await http(method, f"{urls[user][step['at']]}{path}", user=user, **said)
        return answer.status, "" if method == "HEAD" else _readable(answer.body)

    admins = cloud.identity.projects.find(name="admin", domain_id="default")[0].id
    urls = {
        user: {
            name: f"{url}{_versioned(entry.url).replace('%(project_id)s', project)}"
            for entry in cloud.catalog
            for name in (entry.service_type, official_type(entry.service_type))
        }
        for user, project in (("demo", demo_project), ("admin", admins))
    }
    steps, recorded = load(service)
    talk = Conversation(type_of(service), urls, send, {"project": demo_project, "admins": admins})
    assert len(recorded) == len(steps), "record the answers again"
    found: list[str] = []
    for position, (step, then) in enumerate(zip(steps, recorded, strict=True)):
        asked = f"{position}: {step['ask']} {json.dumps(step.get('with'))}"
        try:
            print(position, asked[:100])
            now = await talk.say(step)
        except AssertionError as lost:
            found.append(f"{asked}: {then} was answered, here {lost}")
            break
        found += [f"{asked}: {each}" for each in differences(step, then, now)]
    assert not found, "\n" + "\n".join(found)


def _versioned(path: str) -> str:
    """Real clouds tell the version of identity in their catalogue."""
    return "/identity/v3" if path == "/identity" else path


def _readable(body: Any) -> Any:
    return body.decode() if isinstance(body, bytes) else body
