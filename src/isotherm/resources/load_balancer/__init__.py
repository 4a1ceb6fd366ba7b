"""OS::Octavia::*: load balancers and what they are made of."""
