"""The built-in cloud as a part of the process: there only where it is used, and as it says."""

import subprocess
import sys

import msgspec
from tests.asgi import send

from isotherm.server.local_cloud import open_local_cloud
from isotherm.server.options import load_options
from isotherm.server.process import CFN_PREFIX, CLOUDWATCH_PREFIX, NATIVE_PREFIXES

URL = "http://127.0.0.1:8004"

WITHOUT_VERSIONS = frozenset({"/object-store"})
"""Mounts that tell nothing by themselves, as the services that they stand in for do not."""


def test_a_service_on_another_cloud_does_not_load_it() -> None:
    program = """
import sys
import isotherm.server.process
loaded = [name for name in sys.modules if name.startswith("isotherm.localcloud")]
assert not loaded, loaded
"""
    subprocess.run([sys.executable, "-c", program], check=True)


async def test_its_catalogue_names_only_what_is_served() -> None:
    local = open_local_cloud(load_options([]), None, URL)
    domain = {"id": "default"}
    who = {"name": "demo", "domain": domain, "password": local.password("demo")}
    scope = {"project": {"name": "demo", "domain": domain}}
    identity = {"methods": ["password"], "password": {"user": who}}
    answer = await send(
        local.app,
        "POST",
        "/identity/v3/auth/tokens",
        {"auth": {"identity": identity, "scope": scope}},
    )
    token = {"x-auth-token": answer.headers["x-subject-token"]}
    catalogue = msgspec.json.decode(answer.content)["token"]["catalog"]
    urls = {endpoint["url"] for service in catalogue for endpoint in service["endpoints"]}
    assert len(urls) >= 6
    for url in urls:
        path = url.removeprefix(URL)
        mount = "/" + path.split("/")[1]
        if mount in (*NATIVE_PREFIXES, CFN_PREFIX, CLOUDWATCH_PREFIX):
            continue
        # A project's own address is a prefix of others, and answers nothing by itself.
        mounted = [each for each in local.app.mounts if each == mount]
        assert mounted, f"nothing is served at {url}"
        if mount in WITHOUT_VERSIONS:
            continue
        found = await send(local.app, "GET", mount, headers=token)
        assert found.status in (200, 300), url
    local.close()
