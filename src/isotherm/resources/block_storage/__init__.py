"""OS::Cinder::*: volumes and what belongs to them."""
