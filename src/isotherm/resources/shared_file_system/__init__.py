"""OS::Manila::*: file systems that several can use at once."""
