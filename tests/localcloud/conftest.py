"""A local cloud behind a real listener."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
from tests.listening import listening

from isotherm.localcloud import CatalogEntry, Clock, LocalCloud, build_cloud

PASSWORDS = {"admin": "admin-pw", "demo": "demo-pw", "isotherm": "isotherm-pw"}
CATALOG = (
    CatalogEntry("orchestration", "isotherm", "/orchestration/v1/%(project_id)s"),
    CatalogEntry("cloudformation", "isotherm-cfn", "/cfn/v1"),
)
_PROJECTS = {"admin": "admin", "demo": "demo", "isotherm": "service"}


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: Any


class Http:
    """Sends JSON with a user's token and returns whatever comes back, refusals included."""

    def __init__(self, session: aiohttp.ClientSession, url: str, tokens: dict[str, str]) -> None:
        self._session = session
        self._url = url
        self.tokens = tokens

    async def __call__(
        self, method: str, path: str, json: object = None, *, user: str | None = "demo", **more: Any
    ) -> Answer:
        """`user`: whose token (None: none); `more`: headers, data, params of aiohttp."""
        headers = dict(more.pop("headers", {}))
        if user is not None:
            headers.setdefault("X-Auth-Token", self.tokens[user])
        url = path if path.startswith("http") else self._url + path
        async with self._session.request(
            method, url, json=json, headers=headers, allow_redirects=False, **more
        ) as response:
            is_json = response.content_type == "application/json"
            body = await (response.json() if is_json else response.read())
            lower = {name.lower(): value for name, value in response.headers.items()}
            return Answer(response.status, lower, body)


def password_auth(user: str, password: str, project: str | None = None) -> dict[str, Any]:
    """The body that asks for a token; without a project, with no scope named."""
    domain = {"id": "default"}
    who = {"name": user, "domain": domain, "password": password}
    auth: dict[str, Any] = {"identity": {"methods": ["password"], "password": {"user": who}}}
    if project is not None:
        auth["scope"] = {"project": {"name": project, "domain": domain}}
    return {"auth": auth}


@pytest.fixture
def cloud() -> Iterator[LocalCloud]:
    """In memory, with a clock that stands still until `cloud.advance(seconds)`."""
    made = build_cloud(None, catalog=CATALOG, passwords=PASSWORDS, clock=Clock(manual=True))
    yield made
    made.close()


@pytest.fixture
async def url(cloud: LocalCloud) -> AsyncIterator[str]:
    async with listening(cloud.app) as url:
        yield url


@pytest.fixture
async def http(url: str) -> AsyncIterator[Http]:
    """Calls as `await http("GET", "/compute/v2.1/servers", user="admin")`."""
    tokens: dict[str, str] = {}
    async with aiohttp.ClientSession() as session:
        http = Http(session, url, tokens)
        for user, project in _PROJECTS.items():
            auth = password_auth(user, PASSWORDS[user], project)
            answer = await http("POST", "/identity/v3/auth/tokens", auth, user=None)
            tokens[user] = answer.headers["x-subject-token"]
        yield http


@pytest.fixture
async def stranger(http: Http) -> str:
    """A member of another project: a name to call as."""
    project = await http(
        "POST", "/identity/v3/projects", {"project": {"name": "other"}}, user="admin"
    )
    wish = {"name": "other", "password": "other-pw"}
    user = await http("POST", "/identity/v3/users", {"user": wish}, user="admin")
    roles = await http("GET", "/identity/v3/roles?name=member", user="admin")
    place = f"/identity/v3/projects/{project.body['project']['id']}/users/{user.body['user']['id']}"
    await http("PUT", f"{place}/roles/{roles.body['roles'][0]['id']}", user="admin")
    auth = password_auth("other", "other-pw", "other")
    answer = await http("POST", "/identity/v3/auth/tokens", auth, user=None)
    http.tokens["other"] = answer.headers["x-subject-token"]
    return "other"


@pytest.fixture
def demo_project(cloud: LocalCloud) -> str:
    return cloud.identity.projects.find(name="demo", domain_id="default")[0].id
