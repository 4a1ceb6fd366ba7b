"""The key manager: its collections, and who may read what."""

from typing import TypeVar

from isotherm.localcloud.exchange import Caller, Fault
from isotherm.localcloud.key_manager.entities import Container, Guarded, Order, Secret
from isotherm.localcloud.kinds.checks import is_uuid
from isotherm.localcloud.quotas import UNLIMITED, Quotas
from isotherm.localcloud.service import Frame, Service

G = TypeVar("G", bound=Guarded)

LIMITS = ("secrets", "orders", "containers", "consumers", "cas")


class KeyManager(Service):
    service_type = "key-manager"

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self.secrets = self.collection("secret", Secret, index=("project_id",))
        self.containers = self.collection("container", Container, index=("project_id",))
        self.orders = self.collection("order", Order, index=("project_id",))
        self.quotas = Quotas(self, dict.fromkeys(LIMITS, UNLIMITED))

    def is_over(self, guarded: Guarded) -> bool:
        """Whether its time is over: then it is as good as deleted."""
        expiration = getattr(guarded, "expiration", None)
        return expiration is not None and expiration <= self.now()

    def find_secret(self, caller: Caller, secret_id: str) -> Secret | None:
        """None where there is none. Raises Fault 403, 404."""
        return self._readable(caller, self.secrets.get(secret_id), "Secret", secret_id)

    def find_container(self, caller: Caller, container_id: str) -> Container | None:
        """None where there is none. Raises Fault 403, 404."""
        found = self.containers.get(container_id)
        return self._readable(caller, found, "Container", container_id)

    def holds(self, caller: Caller, reference: str) -> bool:
        """Whether it is that of a secret or a container that the caller may read."""
        found_id = reference.rstrip("/").rsplit("/", 1)[-1]
        held: Guarded | None = self.secrets.get(found_id) or self.containers.get(found_id)
        return held is not None and not self.is_over(held) and may_read(caller, held)

    def _readable(self, caller: Caller, found: G | None, noun: str, found_id: str) -> G | None:
        if not is_uuid(found_id):
            raise Fault(404, f"Not Found. Provided {noun.lower()} id is invalid.")
        if found is None or self.is_over(found):
            return None
        if not may_read(caller, found):
            raise Fault(
                403,
                f"{noun} retrieval attempt not allowed - please review your user/project "
                "privileges",
            )
        return found


def may_read(caller: Caller, guarded: Guarded) -> bool:
    readers = guarded.acl or {}
    is_of_project = caller.project_id == guarded.project_id
    return (is_of_project and readers.get("project-access", True)) or (
        caller.user_id in {*readers.get("users", ()), guarded.user_id}
    )
