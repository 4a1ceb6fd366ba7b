"""REST coordinates of the cloud objects that resource types work on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entity:
    """One kind of cloud object.

    ``service`` is the catalogue's service type, ``path`` the collection's path below
    the endpoint (``{parent}`` stands for the parent object's id where objects are
    nested), ``key`` wraps one object in bodies (empty: not wrapped), ``plural`` wraps
    lists. ``list_path`` differs from ``path`` where full objects have their own listing
    (``/servers/detail``). ``update_method`` is PUT or PATCH; ``patch_type`` is the content type
    of updates that are sent as JSON patches (empty: as objects). ``microversion`` is sent
    with every call of the entity where the service knows microversions. With
    ``bare_requests`` only replies are wrapped. ``by_reference``: objects
    are known by the URL that ends with their id, and ``id_field`` has that URL.
    """

    service: str
    key: str
    path: str
    plural: str
    list_path: str = ""
    update_method: str = "PUT"
    patch_type: str = ""
    microversion: str = ""
    id_field: str = "id"
    bare_requests: bool = False
    by_reference: bool = False

    @property
    def operation(self) -> str:
        """How the entity is called in logs and metrics."""
        return f"{self.service}.{self.key or self.plural}"
