"""Software configurations and deployments: kept apart from stacks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from tests.contracts.store.records import START, add_stack, fence

from isotherm.core.ids import new_id
from isotherm.kit.software import Deployment, SoftwareConfig
from isotherm.ports.records import replace
from isotherm.ports.software import ConfigQuery, ToldServer
from isotherm.ports.store import NoRoom, Store, Writes
from isotherm.store import Database, Key, Sealer, SqlStore
from isotherm.store.tables import software_configs, software_deployments


async def add_config(store: Store, **fields: Any) -> SoftwareConfig:
    given: dict[str, Any] = {"id": new_id(), "project_id": new_id(), "created_at": START}
    config = SoftwareConfig(**given | fields)
    await store.software.put_config(config)
    return config


async def add_deployment(store: Store, config: SoftwareConfig, **fields: Any) -> Deployment:
    given: dict[str, Any] = {"id": new_id(), "server_id": new_id(), "created_at": START}
    deployment = Deployment(config_id=config.id, project_id=config.project_id, **given | fields)
    await store.software.put_deployment(deployment)
    return deployment


async def test_a_config_is_read_as_it_was_written(store: Store) -> None:
    config = await add_config(
        store,
        name="a",
        config={"password": "hush"},
        inputs=[{"name": "n", "type": "Number", "default": 3}],
        outputs=[{"name": "r", "type": "String", "error_output": True}],
        options={"x": [1]},
    )
    assert await store.software.config(config.id) == config
    assert await store.software.config("nothing") is None


async def test_configs_are_listed_newest_first_by_project_and_page(store: Store) -> None:
    first = await add_config(store)
    second = await add_config(store, project_id=first.project_id)
    other = await add_config(store)
    list_configs = store.software.configs
    mine = ConfigQuery(project_id=first.project_id)
    assert await list_configs(mine) == [second, first]
    assert await list_configs(replace(mine, limit=1)) == [second]
    assert await list_configs(replace(mine, after=second.id)) == [first]
    assert await list_configs(replace(mine, after="nothing")) == [second, first]
    everything = await list_configs(ConfigQuery(project_id=None, limit=3))
    assert everything[:3] == [other, second, first]


async def test_a_config_in_use_stays(store: Store) -> None:
    config = await add_config(store)
    deployment = await add_deployment(store, config)
    assert not await store.software.remove_config(config.id)
    assert await store.software.remove_deployment(deployment.id)
    assert await store.software.remove_config(config.id)
    assert await store.software.config(config.id) is None
    assert await store.software.remove_config(config.id)
    assert not await store.software.remove_deployment(deployment.id)


async def test_deployments_are_found_by_project_and_server(store: Store) -> None:
    config = await add_config(store)
    first = await add_deployment(store, config, server_id="one", input_values={"a": 1})
    second = await add_deployment(store, config, server_id="two")
    await add_deployment(store, await add_config(store), server_id="one")
    project_id = config.project_id
    assert await store.software.deployments(project_id) == [first, second]
    assert await store.software.deployments(project_id, "one") == [first]
    assert await store.software.configs_of_server("two") == [(second, config)]
    assert await store.software.deployment(second.id) == second


async def test_a_deployment_is_concluded_once(store: Store) -> None:
    config = await add_config(store)
    begun = await add_deployment(store, config, status="IN_PROGRESS")
    done = replace(begun, status="COMPLETE", output_values={"r": 1})
    assert await store.software.conclude_deployment(done)
    assert await store.software.deployment(begun.id) == done
    assert not await store.software.conclude_deployment(replace(begun, status="FAILED"))
    assert await store.software.deployment(begun.id) == done
    assert not await store.software.conclude_deployment(replace(begun, id="nothing"))


async def test_a_project_has_room_for_so_many(store: Store) -> None:
    config = await add_config(store)
    deployment = await add_deployment(store, config)
    put_config, put_deployment = store.software.put_config, store.software.put_deployment
    await put_config(config, most=1)
    await put_deployment(deployment, most=1)
    with pytest.raises(NoRoom):
        await put_config(replace(config, id=new_id()), most=1)
    with pytest.raises(NoRoom):
        await put_deployment(replace(deployment, id=new_id()), most=1)
    await put_config(replace(config, id=new_id(), project_id="another"), most=1)


async def test_what_is_deployed_is_sealed_at_rest(sqlite_connection: str) -> None:
    database = Database(sqlite_connection)
    store = SqlStore(database, Sealer(Key.from_passphrase("long enough for a test, surely")))
    config = await add_config(
        store,
        config="password: hush",
        inputs=[{"name": "deploy_password", "value": "hush"}],
        options={"token": "hush"},
    )
    await add_deployment(store, config, input_values={"x": "hush"}, output_values={"y": "hush"})
    with database.reading.connect() as connection:
        documents = [
            row.document
            for table in (software_configs, software_deployments)
            for row in connection.execute(select(table))
        ]
    await store.close()
    assert documents
    assert not [each for each in documents if "hush" in each]


async def test_a_server_is_told_each_change_once(store: Store) -> None:
    software, config = store.software, await add_config(store)
    server = ToldServer(server_id=new_id(), stack_id=new_id(), resource="web")

    async def due(after: float = 0.0) -> list[int]:
        now = START + timedelta(seconds=after)
        claimed = await software.claim_servers(now, now + timedelta(seconds=60), 1_000)
        found = [each for each in claimed if each.server_id == server.server_id]
        assert all(each.resource == "web" for each in found)
        return [each.version for each in found]

    deployment = await add_deployment(store, config, server_id=server.server_id)
    assert await due() == []
    await software.tell_server(server)
    assert await due() == [1]
    assert await due() == [], "somebody is about it"
    assert await due(61) == [1], "who was about it has died"
    await software.server_told(replace(server, version=1))
    assert await due(130) == []
    await software.put_deployment(deployment)
    await add_deployment(store, config, server_id=server.server_id)
    await software.remove_deployment(deployment.id)
    assert await due(130) == [4]
    await software.put_deployment(deployment)
    await software.server_told(replace(server, version=4))
    assert await due(131) == [5], "it changed while it was told"
    await software.server_told(replace(server, version=5))
    stack = await add_stack(store)
    await store.commit(await fence(store, stack), Writes(news_for=[server.server_id, "another"]))
    assert await due(132) == [6], "in the commit of whatever its metadata were changed by"
    assert not await software.forget_server(server.server_id, START + timedelta(seconds=140))
    assert await software.forget_server(server.server_id, START + timedelta(seconds=200))
    assert await software.forget_server(server.server_id, START)
    await software.put_deployment(deployment)
    assert await due(300) == []
