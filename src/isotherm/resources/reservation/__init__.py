"""OS::Blazar::*: hosts, and leases of them."""
