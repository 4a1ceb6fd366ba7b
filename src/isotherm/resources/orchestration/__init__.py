"""OS::Heat::*: resources that live in the service itself."""
