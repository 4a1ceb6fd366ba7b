"""OS::Nova::Server."""
