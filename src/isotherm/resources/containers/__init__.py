"""OS::Zun::*: containers, each for itself."""
