"""All that an author of resource types imports."""
