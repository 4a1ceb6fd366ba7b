"""The catalogue of resource types, one package per service."""

from collections.abc import Mapping

_MODULES = {
    "AWS::CloudFormation::Stack": "orchestration.stacks",
    "AWS::CloudFormation::WaitCondition": "orchestration.wait_condition",
    "AWS::CloudFormation::WaitConditionHandle": "orchestration.wait_condition_handle",
    "OS::Cinder::Volume": "block_storage.volume",
    "OS::Cinder::VolumeAttachment": "block_storage.volume_attachment",
    "OS::Glance::WebImage": "image.web_image",
    "OS::Heat::AutoScalingGroup": "orchestration.autoscaling_group",
    "OS::Heat::Delay": "orchestration.delay",
    "OS::Heat::None": "orchestration.none",
    "OS::Heat::RandomString": "orchestration.random_string",
    "OS::Heat::ResourceChain": "orchestration.resource_chain",
    "OS::Heat::ResourceGroup": "orchestration.resource_group",
    "OS::Heat::ScalingPolicy": "orchestration.scaling_policy",
    "OS::Heat::Stack": "orchestration.stacks",
    "OS::Heat::TestResource": "orchestration.test_resource",
    "OS::Heat::UpdateWaitConditionHandle": "orchestration.wait_condition_handle",
    "OS::Heat::Value": "orchestration.value",
    "OS::Heat::WaitCondition": "orchestration.wait_condition",
    "OS::Heat::WaitConditionHandle": "orchestration.wait_condition_handle",
    "OS::Neutron::AddressScope": "network.address_scope",
    "OS::Neutron::FloatingIP": "network.floating_ip",
    "OS::Neutron::FloatingIPAssociation": "network.floating_ip",
    "OS::Neutron::Net": "network.net",
    "OS::Neutron::Port": "network.port",
    "OS::Neutron::QoSBandwidthLimitRule": "network.qos_rules",
    "OS::Neutron::QoSDscpMarkingRule": "network.qos_rules",
    "OS::Neutron::QoSMinimumBandwidthRule": "network.qos_rules",
    "OS::Neutron::QoSMinimumPacketRateRule": "network.qos_rules",
    "OS::Neutron::QoSPolicy": "network.qos_policy",
    "OS::Neutron::Router": "network.router",
    "OS::Neutron::RouterInterface": "network.router_interface",
    "OS::Neutron::SecurityGroup": "network.security_group",
    "OS::Neutron::SecurityGroupRule": "network.security_group_rule",
    "OS::Neutron::Subnet": "network.subnet",
    "OS::Neutron::SubnetPool": "network.subnet_pool",
    "OS::Nova::Flavor": "compute.flavor",
    "OS::Nova::KeyPair": "compute.key_pair",
    "OS::Nova::Server": "compute.server.server",
    "OS::Nova::ServerGroup": "compute.server_group",
}

TYPES: Mapping[str, str] = {name: f"{__name__}.{module}" for name, module in _MODULES.items()}
"""The module of each type: it is imported when the type is first needed."""
