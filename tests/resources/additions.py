"""What our types offer besides what is known of the reference. Properties say it themselves."""

ATTRIBUTES = {"AWS::EC2::SecurityGroup": {"GroupId"}}
"""Those that templates written for AWS read, and the reference does not know."""
NOT_IMPLEMENTED_THERE = {"AWS::ElasticLoadBalancing::LoadBalancer": {"Subnets"}}
"""Properties that the reference has by name alone, and ours by effect."""
