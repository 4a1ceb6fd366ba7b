"""OS::Barbican::*: secrets and what they are kept in."""
