"""What to say about resource types that are not in the catalogue."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping

_CUTOFF = 0.84
"""How alike two names of types must be: the common prefixes alone make most of them alike."""

_FAMILIES: Mapping[str, str] = {
    "AWS::AutoScaling": "AutoScalingGroup LaunchConfiguration ScalingPolicy",
    "AWS::CloudFormation": "Stack WaitCondition WaitConditionHandle",
    "AWS::CloudWatch": "Alarm",
    "AWS::EC2": (
        "EIP EIPAssociation Instance InternetGateway NetworkInterface RouteTable "
        "SecurityGroup Subnet SubnetRouteTableAssociation VPC VPCGatewayAttachment Volume "
        "VolumeAttachment"
    ),
    "AWS::ElasticLoadBalancing": "LoadBalancer",
    "AWS::IAM": "AccessKey User",
    "AWS::RDS": "DBInstance",
    "AWS::S3": "Bucket",
    "OS::Aodh": (
        "Alarm CombinationAlarm CompositeAlarm EventAlarm "
        "GnocchiAggregationByMetricsAlarm GnocchiAggregationByResourcesAlarm "
        "GnocchiResourcesAlarm LBMemberHealthAlarm PrometheusAlarm"
    ),
    "OS::Barbican": "CertificateContainer GenericContainer Order RSAContainer Secret",
    "OS::Blazar": "Host Lease",
    "OS::Cinder": (
        "EncryptedVolumeType QoSAssociation QoSSpecs Quota Volume VolumeAttachment VolumeType"
    ),
    "OS::Designate": "Domain Record RecordSet Zone",
    "OS::Glance": "Image WebImage",
    "OS::Heat": (
        "AccessPolicy AutoScalingGroup CloudConfig Delay DeployedServer HARestarter "
        "InstanceGroup MultipartMime None RandomString ResourceChain ResourceGroup "
        "ScalingPolicy SoftwareComponent SoftwareConfig SoftwareDeployment "
        "SoftwareDeploymentGroup SoftwareDeployments Stack StructuredConfig "
        "StructuredDeployment StructuredDeploymentGroup StructuredDeployments SwiftSignal "
        "SwiftSignalHandle TestResource UpdateWaitConditionHandle Value WaitCondition "
        "WaitConditionHandle"
    ),
    "OS::Ironic": "Port",
    "OS::Keystone": (
        "Domain Endpoint Group GroupRoleAssignment Project Region Role Service User "
        "UserRoleAssignment"
    ),
    "OS::Magnum": "Bay BayModel Cluster ClusterTemplate",
    "OS::Manila": "SecurityService Share ShareNetwork ShareType",
    "OS::Mistral": "CronTrigger ExternalResource Workflow",
    "OS::Monasca": "AlarmDefinition Notification",
    "OS::Neutron": (
        "AddressScope ExtraRoute ExtraRouteSet Firewall FirewallPolicy FirewallRule "
        "FloatingIP FloatingIPAssociation FloatingIPPortForward FlowClassifier "
        "HealthMonitor IKEPolicy IPsecPolicy IPsecSiteConnection L2Gateway "
        "L2GatewayConnection LBaaS::HealthMonitor LBaaS::L7Policy LBaaS::L7Rule "
        "LBaaS::Listener LBaaS::LoadBalancer LBaaS::Pool LBaaS::PoolMember LoadBalancer "
        "MeteringLabel MeteringRule Net NetworkGateway Pool PoolMember Port PortChain "
        "PortPair PortPairGroup ProviderNet QoSBandwidthLimitRule QoSDscpMarkingRule "
        "QoSMinimumBandwidthRule QoSMinimumPacketRateRule QoSPolicy Quota RBACPolicy "
        "Router RouterGateway RouterInterface SecurityGroup SecurityGroupRule Segment "
        "Subnet SubnetPool TaaS::TapFlow TaaS::TapService Trunk VPNService"
    ),
    "OS::Nova": (
        "Flavor FloatingIP FloatingIPAssociation HostAggregate KeyPair Quota Server ServerGroup"
    ),
    "OS::Octavia": (
        "AvailabilityZone AvailabilityZoneProfile Flavor FlavorProfile HealthMonitor "
        "L7Policy L7Rule Listener LoadBalancer Pool PoolMember Quota"
    ),
    "OS::Sahara": (
        "Cluster ClusterTemplate DataSource ImageRegistry Job JobBinary NodeGroupTemplate"
    ),
    "OS::Senlin": "Cluster Node Policy Profile Receiver",
    "OS::Swift": "Container",
    "OS::Trove": "Cluster Instance",
    "OS::Vitrage": "Template",
    "OS::Zaqar": "MistralTrigger Queue SignedQueueURL Subscription",
    "OS::Zun": "Container",
}
"""The types that templates written for OpenStack may name, by family."""

_FOR_OPENSTACK = frozenset(
    f"{family}::{name}" for family, names in _FAMILIES.items() for name in names.split()
)


_EQUIVALENTS: Mapping[str, str] = {
    "AWS::CertificateManager::Certificate": "OS::Barbican::CertificateContainer",
    "AWS::CloudWatch::CompositeAlarm": "OS::Aodh::CompositeAlarm",
    "AWS::EC2::DHCPOptions": "OS::Neutron::Subnet",
    "AWS::EC2::Host": "OS::Blazar::Host",
    "AWS::EC2::KeyPair": "OS::Nova::KeyPair",
    "AWS::EC2::LaunchTemplate": "AWS::AutoScaling::LaunchConfiguration",
    "AWS::EC2::NatGateway": "OS::Neutron::RouterGateway",
    "AWS::EC2::PlacementGroup": "OS::Nova::ServerGroup",
    "AWS::EC2::Route": "OS::Neutron::ExtraRoute",
    "AWS::EC2::SecurityGroupEgress": "OS::Neutron::SecurityGroupRule",
    "AWS::EC2::SecurityGroupIngress": "OS::Neutron::SecurityGroupRule",
    "AWS::EC2::TransitGateway": "OS::Neutron::Router",
    "AWS::EC2::VPNConnection": "OS::Neutron::IPsecSiteConnection",
    "AWS::EC2::VPNGateway": "OS::Neutron::VPNService",
    "AWS::ECS::TaskDefinition": "OS::Zun::Container",
    "AWS::EFS::FileSystem": "OS::Manila::Share",
    "AWS::EKS::Cluster": "OS::Magnum::Cluster",
    "AWS::ElasticLoadBalancingV2::Listener": "OS::Octavia::Listener",
    "AWS::ElasticLoadBalancingV2::ListenerRule": "OS::Octavia::L7Policy",
    "AWS::ElasticLoadBalancingV2::LoadBalancer": "OS::Octavia::LoadBalancer",
    "AWS::ElasticLoadBalancingV2::TargetGroup": "OS::Octavia::Pool",
    "AWS::IAM::Group": "OS::Keystone::Group",
    "AWS::IAM::ManagedPolicy": "OS::Heat::AccessPolicy",
    "AWS::IAM::Policy": "OS::Heat::AccessPolicy",
    "AWS::KMS::Key": "OS::Barbican::Order",
    "AWS::Lambda::Function": "OS::Mistral::Workflow",
    "AWS::NetworkFirewall::Firewall": "OS::Neutron::Firewall",
    "AWS::RDS::DBCluster": "OS::Trove::Cluster",
    "AWS::Route53::HostedZone": "OS::Designate::Zone",
    "AWS::Route53::RecordSet": "OS::Designate::RecordSet",
    "AWS::SNS::Subscription": "OS::Zaqar::Subscription",
    "AWS::SNS::Topic": "OS::Zaqar::Queue",
    "AWS::SQS::Queue": "OS::Zaqar::Queue",
    "AWS::SecretsManager::Secret": "OS::Barbican::Secret",
    "AWS::StepFunctions::StateMachine": "OS::Mistral::Workflow",
}
"""What comes nearest to types of AWS that are not here; their properties are others."""


def about_type(name: str, known: Collection[str]) -> str:
    """A hint for a type that is none of ``known``: it is misspelt, or not offered here."""
    if (other := _EQUIVALENTS.get(name)) in known:
        return f"{other} comes nearest, with properties of its own"
    if name in _FOR_OPENSTACK:
        return "this type of OpenStack is not offered yet"
    if near := _nearest(name, known):
        return f"did you mean {near!r}?"
    family = name.rpartition("::")[0]
    if near := _nearest(name, [each for each in _FOR_OPENSTACK if each.startswith(f"{family}::")]):
        return f"perhaps {near!r} is meant, which is not offered yet"
    if name.endswith((".hot", ".yaml.j2")):
        return "the name of a template ends in .yaml, .json or .template"
    if family.startswith("AWS::"):
        return "OpenStack has nothing like it; a resource_registry can map it to something"
    return "" if family in _FAMILIES else "no environment maps it to a type or template"


def _nearest(name: str, known: Collection[str]) -> str:
    spellings = {each.casefold(): each for each in known}
    found = difflib.get_close_matches(name.casefold(), spellings, n=1, cutoff=_CUTOFF)
    return spellings[found[0]] if found else ""
