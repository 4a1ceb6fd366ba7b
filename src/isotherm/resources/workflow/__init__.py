"""OS::Mistral::*: workflows, and what runs them."""
