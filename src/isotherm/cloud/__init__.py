"""The one room that talks to a cloud."""
