"""OS::Ironic::*: bare metal."""
