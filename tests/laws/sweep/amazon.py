"""Samples of types that speak the words of AWS, or of yesterday."""

from __future__ import annotations

from collections.abc import Mapping

from tests.laws.sweep.samples import Sample, made, ref

VPC = {
    "vpc": made("AWS::EC2::VPC"),
    "inside": made("AWS::EC2::Subnet", VpcId=ref("vpc"), CidrBlock="10.7.0.0/24"),
}
TABLES = {name: made("AWS::EC2::RouteTable", VpcId=ref("vpc")) for name in ("table", "table2")}
GATEWAY = {
    "way": made("AWS::EC2::VPCGatewayAttachment", VpcId=ref("vpc"), InternetGatewayId="it"),
    "moved": made(
        "AWS::EC2::SubnetRouteTableAssociation", RouteTableId=ref("table"), SubnetId=ref("inside")
    ),
}
CARDS = {
    name: made("AWS::EC2::NetworkInterface", SubnetId=ref("inside")) for name in ("card", "card2")
}
GROUP = {"group": made("AWS::EC2::SecurityGroup", GroupDescription="others")}
INSTANCE = {"ImageId": "cirros", "InstanceType": "m1.tiny"}
INSTANCES = {
    name: made("AWS::EC2::Instance", **INSTANCE, NetworkInterfaces=[ref(card)])
    for name, card in (("host", "card"), ("host2", "card2"))
}
VOLUMES = {"volume": made("AWS::EC2::Volume", Size=1, AvailabilityZone="nova")}
WEB = {"IpProtocol": "tcp", "FromPort": "80", "ToPort": "80"}


LAUNCH = {"launch": made("AWS::AutoScaling::LaunchConfiguration", **INSTANCE)}
GROUPED = {"AvailabilityZones": ["nova"], "LaunchConfigurationName": ref("launch")}
USERS = {name: made("AWS::IAM::User") for name in ("user", "user2")}


def tags(value: str) -> list[dict[str, str]]:
    return [{"Key": "name", "Value": value}]


def attachment(server: str) -> dict[str, object]:
    return {"InstanceId": ref(server), "VolumeId": ref("volume"), "Device": "/dev/vdc"}


IMAGE = {
    "disk_format": "raw",
    "container_format": "bare",
    "location": "http://example.org/image",
}

SAMPLES: Mapping[str, Sample] = {
    "OS::Glance::Image": Sample(
        {**IMAGE, "tags": ["a"]}, {**IMAGE, "os_distro": "debian"}, {**IMAGE, "min_ram": 64}
    ),
    "OS::Heat::HARestarter": Sample(
        {"InstanceId": ref("host")},
        None,
        {"InstanceId": ref("host2")},
        {**VPC, **CARDS, **INSTANCES},
    ),
    "OS::Nova::FloatingIP": Sample({"pool": "public"}),
    "OS::Nova::FloatingIPAssociation": Sample(
        {"floating_ip": ref("address"), "server_id": ref("host")},
        {"floating_ip": ref("address"), "server_id": ref("host2")},
        None,
        {
            **VPC,
            **TABLES,
            **GATEWAY,
            **CARDS,
            **INSTANCES,
            "address": made("OS::Nova::FloatingIP", pool="public"),
        },
    ),
    "AWS::AutoScaling::AutoScalingGroup": Sample(
        {**GROUPED, "MinSize": 1, "MaxSize": 3},
        {**GROUPED, "MinSize": 2, "MaxSize": 3},
        {**GROUPED, "MinSize": 1, "MaxSize": 3, "Tags": tags("other")},
        LAUNCH,
    ),
    "AWS::AutoScaling::LaunchConfiguration": Sample(
        INSTANCE, None, {**INSTANCE, "InstanceType": "m1.small"}
    ),
    "AWS::IAM::AccessKey": Sample(
        {"UserName": ref("user")}, None, {"UserName": ref("user2")}, USERS
    ),
    "OS::Heat::InstanceGroup": Sample(
        {**GROUPED, "Size": 1},
        {**GROUPED, "Size": 2},
        {**GROUPED, "Size": 1, "Tags": tags("x")},
        LAUNCH,
    ),
    "AWS::IAM::User": Sample(
        {"LoginProfile": {"Password": "one"}}, None, {"LoginProfile": {"Password": "two"}}
    ),
    "AWS::EC2::EIP": Sample(
        {"InstanceId": ref("host")},
        {"InstanceId": ref("host2")},
        {"InstanceId": ref("host"), "Domain": "vpc"},
        {**VPC, **TABLES, **GATEWAY, **CARDS, **INSTANCES},
    ),
    "AWS::EC2::EIPAssociation": Sample(
        {"AllocationId": {"get_attr": ["address", "AllocationId"]}, "InstanceId": ref("host")},
        {
            "AllocationId": {"get_attr": ["address", "AllocationId"]},
            "NetworkInterfaceId": ref("card2"),
        },
        None,
        {**VPC, **TABLES, **GATEWAY, **CARDS, **INSTANCES, "address": made("AWS::EC2::EIP")},
    ),
    "AWS::EC2::Instance": Sample(
        {**INSTANCE, "SubnetId": ref("inside"), "Tags": tags("a")},
        {**INSTANCE, "InstanceType": "m1.small", "SubnetId": ref("inside"), "Tags": tags("b")},
        {**INSTANCE, "SubnetId": ref("inside"), "UserData": "echo"},
        VPC,
    ),
    "AWS::EC2::Instance with-volumes": Sample(
        {
            **INSTANCE,
            "NetworkInterfaces": [ref("card")],
            "Volumes": [{"Device": "/dev/vdb", "VolumeId": ref("volume")}],
        },
        {
            **INSTANCE,
            "NetworkInterfaces": [{"NetworkInterfaceId": ref("card2"), "DeviceIndex": "0"}],
            "Volumes": [{"Device": "/dev/vdb", "VolumeId": ref("volume")}],
        },
        {
            **INSTANCE,
            "NetworkInterfaces": [ref("card")],
            "Volumes": [{"Device": "/dev/vdb", "VolumeId": ref("volume")}],
            "UserData": "echo",
        },
        {**VPC, **CARDS, **VOLUMES},
    ),
    "AWS::EC2::InternetGateway": Sample(),
    "AWS::EC2::NetworkInterface": Sample(
        {"SubnetId": ref("inside"), "PrivateIpAddress": "10.7.0.20"},
        {
            "SubnetId": ref("inside"),
            "PrivateIpAddress": "10.7.0.20",
            "GroupSet": [ref("group")],
        },
        {"SubnetId": ref("inside"), "PrivateIpAddress": "10.7.0.20", "Description": "d"},
        {**VPC, **GROUP},
    ),
    "AWS::EC2::RouteTable": Sample(
        {"VpcId": ref("vpc")},
        None,
        {"VpcId": ref("vpc2")},
        {
            **VPC,
            "vpc2": VPC["vpc"],
        },
    ),
    "AWS::EC2::SecurityGroup": Sample(
        {"GroupDescription": "d", "SecurityGroupIngress": [{**WEB, "CidrIp": "0.0.0.0/0"}]},
        {
            "GroupDescription": "d",
            "SecurityGroupIngress": [{**WEB, "SourceSecurityGroupId": ref("group")}],
            "SecurityGroupEgress": [{"IpProtocol": "-1", "CidrIp": "10.0.0.0/8"}],
        },
        {"GroupDescription": "e"},
        GROUP,
    ),
    "AWS::EC2::Subnet": Sample(
        {"VpcId": ref("vpc"), "CidrBlock": "10.8.0.0/24"},
        None,
        {"VpcId": ref("vpc"), "CidrBlock": "10.9.0.0/24"},
        VPC,
    ),
    "AWS::EC2::SubnetRouteTableAssociation": Sample(
        {"RouteTableId": ref("table"), "SubnetId": ref("inside")},
        None,
        {"RouteTableId": ref("table2"), "SubnetId": ref("inside")},
        {**VPC, **TABLES},
    ),
    "AWS::EC2::VPC": Sample({"CidrBlock": "10.0.0.0/16"}, None, {"CidrBlock": "10.1.0.0/16"}),
    "AWS::EC2::VPCGatewayAttachment": Sample(
        {"VpcId": ref("vpc"), "InternetGatewayId": "any"},
        None,
        {"VpcId": ref("vpc"), "InternetGatewayId": "other"},
        {**VPC, **TABLES},
    ),
    "AWS::EC2::Volume": Sample({"Size": 1, "AvailabilityZone": "nova", "Tags": tags("a")}),
    "AWS::EC2::VolumeAttachment": Sample(
        attachment("host"), None, None, {**VPC, **CARDS, **INSTANCES, **VOLUMES}
    ),
}
