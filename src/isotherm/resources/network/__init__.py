"""OS::Neutron::*: networks and what connects to them."""
