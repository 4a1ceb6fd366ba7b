"""Hints about types that are not in the catalogue."""

from __future__ import annotations

import pytest

from isotherm.template.validation.type_names import about_type

KNOWN = {"OS::Nova::Server", "OS::Neutron::Net", "OS::Cinder::Volume"}


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("OS::Nova::Sever", "did you mean 'OS::Nova::Server'?"),
        ("os::nova::server", "did you mean 'OS::Nova::Server'?"),
        ("OS::Nova:Server", "did you mean 'OS::Nova::Server'?"),
        ("OS::Neutron::Network", "did you mean 'OS::Neutron::Net'?"),
        ("OS::Zun::Container", "this type of OpenStack is not offered yet"),
        ("OS::Zun::Container2", "perhaps 'OS::Zun::Container' is meant, which is not offered yet"),
        ("OS::Zun::Pod", ""),
        ("OS::TripleO::Services::Ntp", "no environment maps it to a type or template"),
        ("AWS::SNS::Topic", "OpenStack has nothing like it; a resource_registry can map it"),
        ("server.hot", "the name of a template ends in .yaml, .json or .template"),
    ],
)
def test_a_type_that_is_not_offered(name: str, hint: str) -> None:
    found = about_type(name, KNOWN)
    assert found.startswith(hint) if hint else not found


def test_the_common_beginning_of_names_is_no_likeness() -> None:
    assert "did you mean" not in about_type("AWS::SNS::Topic", {"AWS::EC2::VPC"})
    assert "Trove" not in about_type("OS::Nova::Instance", KNOWN)


def test_what_comes_nearest_to_a_type_of_aws() -> None:
    about = about_type("AWS::SQS::Queue", {*KNOWN, "OS::Zaqar::Queue"})
    assert about == "OS::Zaqar::Queue comes nearest, with properties of its own"
