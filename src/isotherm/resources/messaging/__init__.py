"""OS::Zaqar::*: queues, and who is told of their messages."""
