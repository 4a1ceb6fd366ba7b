"""Types of software configurations and of their deployments to servers."""
