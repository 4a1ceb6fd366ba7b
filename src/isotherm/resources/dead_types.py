"""Types of services that are gone: templates that name them still load.

They are placeholders: they take every property, every attribute is null, and they make nothing.
"""

from isotherm import kit
from isotherm.core.schema import SupportStatus
from isotherm.kit import deprecated, hidden, register, supported, unsupported


def gone(since: str, deprecated_in: str, first: SupportStatus) -> SupportStatus:
    return hidden(since, deprecated(deprecated_in, first))


@register("OS::Aodh::CombinationAlarm", support=gone("9.0.0", "7.0.0", supported("2014.1")))
class CombinationAlarm(kit.PlaceholderType):
    """Alarms that went off together; see OS::Aodh::CompositeAlarm."""

    service = "alarm"


@register("OS::Magnum::Bay", support=gone("11.0.0", "9.0.0", supported("6.0.0")))
class Bay(kit.PlaceholderType):
    """A cluster of containers under its former name; see OS::Magnum::Cluster."""


@register("OS::Monasca::AlarmDefinition", support=gone("25.0.0", "22.0.0", supported("7.0.0", unsupported("5.0.0"))))
class MonascaAlarmDefinition(kit.PlaceholderType):
    """An alarm of a monitoring service that is gone."""


@register("OS::Monasca::Notification", support=gone("25.0.0", "22.0.0", supported("7.0.0", supported("5.0.0"))))
class MonascaNotification(kit.PlaceholderType):
    """Whom such alarms told."""


@register("OS::Sahara::Cluster", support=gone("23.0.0", "22.0.0", supported("5.0.0")))
class SaharaCluster(kit.PlaceholderType):
    """A cluster of a data processing service that is gone."""


@register("OS::Sahara::ClusterTemplate", support=gone("23.0.0", "22.0.0", supported("2014.2")))
class SaharaClusterTemplate(kit.PlaceholderType):
    """What such clusters looked like."""


@register("OS::Sahara::DataSource", support=gone("23.0.0", "22.0.0", supported("5.0.0")))
class SaharaDataSource(kit.PlaceholderType):
    """Data that such a cluster read or wrote."""


@register("OS::Sahara::ImageRegistry", support=gone("23.0.0", "22.0.0", supported("5.0.0")))
class SaharaImageRegistry(kit.PlaceholderType):
    """An image that such clusters ran on."""


@register("OS::Sahara::Job", support=gone("23.0.0", "22.0.0", supported("8.0.0")))
class SaharaJob(kit.PlaceholderType):
    """Work for such a cluster."""


@register("OS::Sahara::JobBinary", support=gone("23.0.0", "22.0.0", supported("5.0.0")))
class SaharaJobBinary(kit.PlaceholderType):
    """A program for such work."""


@register("OS::Sahara::NodeGroupTemplate", support=gone("23.0.0", "22.0.0", supported("2014.2")))
class SaharaNodeGroupTemplate(kit.PlaceholderType):
    """What nodes of such a cluster looked like."""


@register("OS::Senlin::Cluster", support=gone("23.0.0", "22.0.0", supported("6.0.0")))
class SenlinCluster(kit.PlaceholderType):
    """A group of nodes of a clustering service that is gone."""


@register("OS::Senlin::Node", support=gone("23.0.0", "22.0.0", supported("6.0.0")))
class SenlinNode(kit.PlaceholderType):
    """A member of such a group."""


@register("OS::Senlin::Policy", support=gone("23.0.0", "22.0.0", supported("6.0.0")))
class SenlinPolicy(kit.PlaceholderType):
    """A rule of such a group."""


@register("OS::Senlin::Profile", support=gone("23.0.0", "22.0.0", supported("6.0.0")))
class SenlinProfile(kit.PlaceholderType):
    """What members of such a group looked like."""


@register("OS::Senlin::Receiver", support=gone("23.0.0", "22.0.0", supported("6.0.0")))
class SenlinReceiver(kit.PlaceholderType):
    """What signalled such a group."""


@register("OS::Vitrage::Template", support=gone("27.0.0", "26.0.0", supported("16.0.0")))
class VitrageTemplate(kit.PlaceholderType):
    """A rule of a root cause service that is gone."""
