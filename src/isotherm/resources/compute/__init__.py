"""OS::Nova::*: servers and what they are made with."""
