"""The services that make up the cloud, in the order of their seeding."""

from isotherm.localcloud import door, identity
from isotherm.localcloud.service import Registration

REGISTRATIONS: tuple[Registration, ...] = (
    identity.registration,
    door.registration,
)
