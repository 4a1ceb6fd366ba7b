"""Templates as people write them, of any size: servers with their ports and volumes.

Each resource has eight properties and three references, each server an output.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

_HOT_HEAD = """\
heat_template_version: 2021-04-16
description: A fleet of servers, each with a port and a volume.
parameters:
  image: { type: string, default: ubuntu-24.04, description: What the servers run. }
  flavor: { type: string, default: m1.small }
  network: { type: string, default: private }
  zone: { type: string, default: nova }
conditions:
  backed_up: { not: { equals: [ { get_param: zone }, test ] } }
resources:
"""

_HOT_TIER = """\
  # Tier {index}
  port_{index}:
    type: OS::Neutron::Port
    properties:
      name: {{ list_join: ["-", [ {{ get_param: "OS::stack_name" }}, port, "{index}" ] ] }}
      network: {{ get_param: network }}
      admin_state_up: true
      port_security_enabled: false
      device_owner: compute:nova
      dns_name: web-{index}
      allowed_address_pairs:
        - ip_address: 10.0.0.{octet}
      tags:
        - web
        - {{ get_param: zone }}
  volume_{index}:
    type: OS::Cinder::Volume
    properties:
      name: data-{index}
      description: Data of web server {index}
      size: {size}
      availability_zone: {{ get_param: zone }}
      metadata:
        port: {{ get_resource: port_{index} }}
        mac: {{ get_attr: [ port_{index}, mac_address ] }}
      scheduler_hints: {{ different_host: "{index}" }}
      multiattach: false
      read_only: {{ if: [ backed_up, false, true ] }}
  server_{index}:
    type: OS::Nova::Server
    depends_on: [ port_{index} ]
    properties:
      name: web-{index}
      image: {{ get_param: image }}
      flavor: {{ get_param: flavor }}
      networks:
        - port: {{ get_resource: port_{index} }}
      metadata:
        role: web
        volume: {{ get_resource: volume_{index} }}
      config_drive: true
      user_data_format: RAW
      user_data:
        str_replace:
          template: |
            #!/bin/sh
            echo "server $number with $address" > /etc/motd
            mkfs.ext4 -L data /dev/vdb
            mount /dev/vdb /srv
          params:
            $number: "{index}"
            $address: {{ get_attr: [ port_{index}, fixed_ips, 0, ip_address ] }}
"""

_HOT_OUTPUT = """\
  address_{index}:
    description: Where web server {index} can be reached.
    value: {{ get_attr: [ server_{index}, first_address ] }}
"""

_CFN_HEAD = """\
AWSTemplateFormatVersion: "2010-09-09"
Description: A fleet of servers, each with a port and a volume.
Parameters:
  Image: { Type: String, Default: ubuntu-24.04, Description: What the servers run. }
  Flavor: { Type: String, Default: m1.small }
  Network: { Type: String, Default: private }
  Zone: { Type: String, Default: nova }
Conditions:
  BackedUp: !Not [ !Equals [ !Ref Zone, test ] ]
Resources:
"""

_CFN_TIER = """\
  # Tier {index}
  Port{index}:
    Type: OS::Neutron::Port
    Properties:
      name: !Join ["-", [ !Ref "AWS::StackName", port, "{index}" ] ]
      network: !Ref Network
      admin_state_up: true
      port_security_enabled: false
      device_owner: compute:nova
      dns_name: web-{index}
      allowed_address_pairs:
        - ip_address: 10.0.0.{octet}
      tags:
        - web
        - Ref: Zone
  Volume{index}:
    Type: OS::Cinder::Volume
    Properties:
      name: data-{index}
      description: Data of web server {index}
      size: {size}
      availability_zone: !Ref Zone
      metadata:
        port: {{ Ref: Port{index} }}
        mac: {{ "Fn::GetAtt": [ Port{index}, mac_address ] }}
      scheduler_hints: {{ different_host: "{index}" }}
      multiattach: false
      read_only: !If [ BackedUp, false, true ]
  Server{index}:
    Type: OS::Nova::Server
    DependsOn: [ Port{index} ]
    Properties:
      name: web-{index}
      image: !Ref Image
      flavor: !Ref Flavor
      networks:
        - port: {{ Ref: Port{index} }}
      metadata:
        role: web
        volume: {{ Ref: Volume{index} }}
      config_drive: true
      user_data_format: RAW
      user_data:
        Fn::Sub:
          - |
            #!/bin/sh
            echo "server {index} with ${{address}}" > /etc/motd
            mkfs.ext4 -L data /dev/vdb
            mount /dev/vdb /srv
          - address: !GetAtt Port{index}.mac_address
"""

_CFN_OUTPUT = """\
  Address{index}:
    Description: Where web server {index} can be reached.
    Value: !GetAtt Server{index}.first_address
"""


def hot(resources: int) -> str:
    """YAML text in HOT with about so many resources."""
    return (
        _HOT_HEAD + _filled(_HOT_TIER, resources) + "outputs:\n" + _filled(_HOT_OUTPUT, resources)
    )


def cfn(resources: int) -> str:
    """YAML text in the AWS format, with its short tags."""
    return (
        _CFN_HEAD + _filled(_CFN_TIER, resources) + "Outputs:\n" + _filled(_CFN_OUTPUT, resources)
    )


DIALECTS: Mapping[str, Callable[[int], str]] = {"HOT": hot, "AWS": cfn}


def _filled(pattern: str, resources: int) -> str:
    return "".join(
        pattern.format(index=index, octet=index % 250 + 1, size=index % 50 + 1)
        for index in range(round(resources / 3))
    )
