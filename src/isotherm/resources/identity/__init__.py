"""Projects, users and what they may do; the catalogue of services."""
