"""OS::Magnum::*: clusters that run containers."""
