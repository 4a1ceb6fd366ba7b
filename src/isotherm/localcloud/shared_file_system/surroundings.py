"""Versions of the API, and quotas."""

from collections.abc import Mapping
from typing import Any

from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.kinds.checks import integer
from isotherm.localcloud.kinds.quota_sets import QuotaSets
from isotherm.localcloud.quotas import UNLIMITED
from isotherm.localcloud.routing import Routes
from isotherm.localcloud.shared_file_system.dialect import DIALECT, MAX
from isotherm.localcloud.shared_file_system.state import SharedFileSystems

versions = Routes[SharedFileSystems]()


@versions.get("", "version.list", open=True)
@versions.get("/v2", "version.show", open=True)
def list_versions(shares: SharedFileSystems, call: Call) -> object:
    link = {"rel": "self", "href": f"{call.base_url}/share/v2/"}
    version: dict[str, Any] = {
        "id": "v2.0",
        "status": "CURRENT",
        "version": f"2.{MAX}",
        "min_version": "2.0",
        "links": [link],
        "media-types": [],
        "updated": "2020-01-01T00:00:00Z",
    }
    return {"versions": [version]}


def _limit(value: Any) -> int:
    checked: int = integer()(value)
    if checked < UNLIMITED:
        raise Fault(400, "Quota limit must be -1 or greater.")
    return checked


class ShareQuotas(QuotaSets[SharedFileSystems]):
    path = "/quota-sets"
    admins = {"update": "quota_set:update", "delete": "quota_set:delete"}  # noqa: RUF012
    delete_status = 202
    check = staticmethod(_limit)

    def used(self, service: SharedFileSystems, project_id: str) -> Mapping[str, int]:
        return service.used(project_id)

    def unknown(self, names: list[str], said: object) -> Fault:
        return Fault(400, "Must supply at least one quota field to update.")

    def shown(
        self,
        service: SharedFileSystems,
        call: Call,
        values: Mapping[str, Any],
        project_id: str | None,
    ) -> object:
        whose = {} if project_id is None else {"id": project_id}
        return {self.key: {**whose, **values}}


quotas = ShareQuotas(DIALECT, "quota_set")
routes = quotas.routes
