"""The language: HOT and CloudFormation documents become one model."""
