"""Application containers: what is remembered of them, and what of it goes over the wire."""

from typing import Annotated, Any

from isotherm.localcloud.entities import Entity
from isotherm.localcloud.kinds import moment, said, shown
from isotherm.localcloud.kinds.checks import as_is, flag, mapping, one_of, or_none, text
from isotherm.localcloud.quotas import Quotas
from isotherm.localcloud.service import Frame, Service

_TEXT = or_none(text(0, 65535))


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        raise ValueError(f"{value!r} is not a number") from None


def once(check: Any = as_is, **more: Any) -> Any:
    return said(check, update=False, **more)


class Container(Entity, kw_only=True, eq=False):
    project_id: Annotated[str, shown()]
    user_id: Annotated[str, shown()]
    created_at: Annotated[float, moment("+00:00")]
    updated_at: Annotated[float | None, moment("+00:00")] = None
    image: Annotated[str, once(text(1), required=True)]
    name: Annotated[str | None, said(_TEXT)] = None
    command: Annotated[Any, once()] = None
    cpu: Annotated[float | None, said(or_none(_number))] = None
    memory: Annotated[Any, said()] = None
    environment: Annotated[dict[str, Any] | None, once()] = None
    workdir: Annotated[str | None, once(_TEXT)] = None
    labels: Annotated[dict[str, Any] | None, once()] = None
    image_pull_policy: Annotated[
        str | None, once(or_none(one_of("ifnotpresent", "always", "never")))
    ] = None
    image_driver: Annotated[str | None, once(or_none(one_of("docker", "glance")))] = None
    restart_policy: Annotated[dict[str, Any] | None, once(or_none(mapping(as_is)))] = None
    interactive: Annotated[bool | None, once(or_none(flag))] = False
    tty: Annotated[bool | None, once(or_none(flag))] = False
    hostname: Annotated[str | None, once(_TEXT)] = None
    security_groups: Annotated[list[str] | None, once()] = None
    auto_remove: Annotated[bool | None, once(or_none(flag))] = False
    runtime: Annotated[str | None, once(_TEXT)] = None
    mounts: list[dict[str, Any]] = []
    addresses: Annotated[dict[str, list[dict[str, Any]]], shown()] = {}
    host: Annotated[str | None, shown(for_admins=True)] = "compute-1"
    status: Annotated[str, shown()] = "Creating"
    status_reason: Annotated[str | None, shown()] = None
    status_detail: Annotated[str | None, shown()] = None
    task_state: Annotated[str | None, shown()] = None
    runs: bool = False


class ApplicationContainers(Service):
    service_type = "application-container"

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self.containers = self.collection("container", Container, index=("project_id",))
        self.quotas = Quotas(self, {"containers": 40})
