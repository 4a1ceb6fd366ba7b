"""The services that make up the cloud, in the order of their seeding."""

from importlib import import_module

from isotherm.localcloud.service import Registration

_PACKAGES = (
    *("identity", "image", "volume", "network", "compute", "object_store", "shared_file_system"),
    *("key_manager", "messaging", "workflow", "load_balancer", "dns", "metric", "alarming"),
    *("clusters", "containers", "reservation", "bare_metal", "database", "door"),
)
REGISTRATIONS: tuple[Registration, ...] = tuple(
    import_module(f"isotherm.localcloud.{name}").registration for name in _PACKAGES
)
