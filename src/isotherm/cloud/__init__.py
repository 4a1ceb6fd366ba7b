"""The one room that talks to a cloud."""

from isotherm.cloud.fetcher import WebFetcher
from isotherm.cloud.openstack import OpenStackCloud
from isotherm.cloud.public_addresses import AllowedSources
from isotherm.cloud.sender import WebSender
from isotherm.cloud.settings import Settings, SettingsError, StackDomainSettings
from isotherm.cloud.transport import Counter
from isotherm.cloud.trust_marks import number_of

__all__ = [
    "AllowedSources",
    "Counter",
    "OpenStackCloud",
    "Settings",
    "SettingsError",
    "StackDomainSettings",
    "WebFetcher",
    "WebSender",
    "number_of",
]
