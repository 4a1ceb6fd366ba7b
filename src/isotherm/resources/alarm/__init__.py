"""OS::Aodh::*: alarms."""
