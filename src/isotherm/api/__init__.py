"""The HTTP doors: native, CloudFormation and CloudWatch."""
