"""What only HOT templates have."""
