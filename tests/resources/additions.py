"""What our types offer besides what the facts about the reference tell."""

ATTRIBUTES = {"AWS::EC2::SecurityGroup": {"GroupId"}}
"""Those that templates written for AWS read, and the reference does not know."""
