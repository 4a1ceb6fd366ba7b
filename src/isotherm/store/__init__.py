"""The one room with SQL."""
