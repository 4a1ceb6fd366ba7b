"""What tests of compute start from."""

from typing import Any

import pytest
from tests.localcloud.conftest import Answer, Http
from tests.localcloud.fake_peers import IMAGE, FakeImages, FakeVolumes

from isotherm.localcloud import LocalCloud

SERVERS = "/compute/v2.1/servers"
NOWHERE = "11111111-1111-4111-8111-111111111111"


class World:
    """A client of compute; its volumes and images are small stand-ins."""

    def __init__(self, http: Http, cloud: LocalCloud) -> None:
        self.http = http
        self.cloud = cloud
        self.volumes, self.images = FakeVolumes(), FakeImages()
        cloud.frame.peers.join("block-storage", self.volumes)
        cloud.frame.peers.join("image", self.images)

    async def __call__(
        self, method: str, path: str, body: object = None, *, mv: str = "2.1", user: str = "demo"
    ) -> Answer:
        headers = {"OpenStack-API-Version": f"compute {mv}"}
        return await self.http(method, "/compute/v2.1" + path, body, user=user, headers=headers)

    async def boot(self, *, mv: str = "2.1", user: str = "demo", **more: Any) -> Answer:
        wish = {"name": "web", "flavorRef": "1", "imageRef": IMAGE, **more}
        return await self("POST", "/servers", {"server": wish}, mv=mv, user=user)

    async def server(self, **more: Any) -> str:
        """The id of a new server that is ACTIVE by the next request."""
        answer = await self.boot(**more)
        assert answer.status == 202, answer.body
        server_id: str = answer.body["server"]["id"]
        return server_id

    async def show(self, server_id: str, *, mv: str = "2.96", user: str = "demo") -> dict[str, Any]:
        answer = await self("GET", f"/servers/{server_id}", mv=mv, user=user)
        assert answer.status == 200, answer.body
        server: dict[str, Any] = answer.body["server"]
        return server

    async def ask(self, method: str, path: str, body: object = None, user: str = "demo") -> Any:
        """What the network service answers."""
        return (await self.http(method, "/network/v2.0" + path, body, user=user)).body

    async def network_id(self, name: str = "private") -> str:
        found: str = (await self.ask("GET", f"/networks?name={name}"))["networks"][0]["id"]
        return found

    async def act(
        self, server_id: str, action: str, argument: object = None, **more: Any
    ) -> Answer:
        return await self("POST", f"/servers/{server_id}/action", {action: argument}, **more)


@pytest.fixture
def world(http: Http, cloud: LocalCloud) -> World:
    return World(http, cloud)
