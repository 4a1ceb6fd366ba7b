"""OS::Glance::*: images."""
