"""What only AWS-style templates have."""
