"""The steps of a plan: walking them, and what each does to one resource."""
