"""OS::Designate::*: zones and what they say."""
