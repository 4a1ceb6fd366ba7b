"""OS::Trove::*: databases."""
