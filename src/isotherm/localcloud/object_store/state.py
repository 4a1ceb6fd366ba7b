"""What the object store remembers: accounts, containers, objects."""

import time
from collections.abc import Iterator
from hashlib import md5
from typing import Any

from isotherm.localcloud.clock import iso_time
from isotherm.localcloud.exchange import Fault
from isotherm.localcloud.object_store import faults
from isotherm.localcloud.object_store.entities import Account, Container, StoredObject
from isotherm.localcloud.service import Frame, Service, Transitions

ACCOUNT_PREFIX = "AUTH_"


class ObjectStore(Service):
    service_type = "object-store"

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self.accounts = self.collection("account", Account, listed=False)
        self.containers = self.collection("container", Container, index=("account",))
        self.objects = self.collection("object", StoredObject, index=("container_id",))

    def account(self, name: str) -> Account:
        """One of every project is there as soon as it is asked for."""
        found = self.accounts.get(name)
        return found or self.accounts.add(Account(id=name, created_at=self.now()))

    def container(self, account: str, name: str) -> Container:
        """Raises Fault 404."""
        found = self.containers.get(f"{account}/{name}")
        if found is None:
            raise faults.missing()
        return found

    def object(self, container: Container, name: str) -> StoredObject:
        """Raises Fault 404."""
        found = self.objects.get(f"{container.id}/{name}")
        if found is None:
            raise faults.missing()
        return found

    def contents(self, container: Container) -> list[StoredObject]:
        return sorted(self.objects.find(container_id=container.id), key=lambda each: each.name)

    def bytes_used(self, container: Container) -> int:
        return sum(len(each.content) for each in self.objects.find(container_id=container.id))

    def keep(self, container: Container, name: str, content: bytes, **fields: Any) -> StoredObject:
        """Store an object, in the place of one that has the name; that one becomes an older
        version where the container keeps them."""
        before = self.objects.get(f"{container.id}/{name}")
        if before is not None:
            self._archive(container, before)
        made = StoredObject(
            id=f"{container.id}/{name}",
            project_id=container.project_id,
            container_id=container.id,
            name=name,
            created_at=self.now(),
            etag=etag_of(content),
            content=content,
            **fields,
        )
        self.cancel(made)
        self.objects.save(made)
        if made.delete_at is not None:
            self.schedule("object.expire", made, after=max(made.delete_at - self.now(), 0))
        return made

    def drop(self, container: Container, name: str) -> None:
        """Delete an object. The version before it takes its place, except where the whole
        history is kept. Raises Fault 404."""
        present = self.object(container, name)
        if container.history:
            self._archive(container, present)
        self._forget(present)
        older = [] if container.history else self._versions(container, name)
        for last in older[-1:]:
            self.objects.add(_moved(last, container, name))
            self._forget(last)

    def _archive(self, container: Container, before: StoredObject) -> None:
        """Raises Fault 412 where the container for older versions is missing."""
        if not container.versions:
            return
        archive = self.containers.get(f"{container.account}/{container.versions}")
        if archive is None:
            raise Fault(412, "")
        name = f"{_prefix(before.name)}{before.created_at:016.5f}"
        self.objects.save(_moved(before, archive, name))

    def _versions(self, container: Container, name: str) -> list[StoredObject]:
        """Older ones, the oldest first."""
        archive = self.containers.get(f"{container.account}/{container.versions}")
        held = self.contents(archive) if archive is not None else []
        return [each for each in held if each.name.startswith(_prefix(name))]

    def _forget(self, present: StoredObject) -> None:
        self.cancel(present)
        self.objects.remove(present.id)

    @staticmethod
    def iso(seconds: float) -> str:
        """As rows of lists show times."""
        return iso_time(seconds, suffix=".000000")

    def of_account(self, account: str) -> Iterator[Container]:
        yield from sorted(self.containers.find(account=account), key=lambda each: each.name)


def _prefix(name: str) -> str:
    """Names of older versions begin so."""
    return f"{len(name):03x}{name}/"


def _moved(each: StoredObject, container: Container, name: str) -> StoredObject:
    fields = {field: getattr(each, field) for field in each.__struct_fields__}
    place = {"id": f"{container.id}/{name}", "container_id": container.id, "name": name}
    return StoredObject(**{**fields, **place})


def etag_of(content: bytes) -> str:
    return md5(content, usedforsecurity=False).hexdigest()


def http_date(seconds: float) -> str:
    return time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(seconds))


transitions: Transitions[ObjectStore] = Transitions()


@transitions.on("object.expire")
def expire(store: ObjectStore, expired: StoredObject, args: dict[str, Any]) -> None:
    store.objects.remove(expired.id)
