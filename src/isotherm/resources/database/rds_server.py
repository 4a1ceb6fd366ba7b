"""What stands in for AWS::RDS::DBInstance in clouds without a database service: a server."""

from pathlib import Path

from isotherm import kit
from isotherm.kit import register


@register(kit.stand_in_of("AWS::RDS::DBInstance"))
class DbServer(kit.TemplateType):
    """A server with a database, from a template that lies beside this file."""

    def __init__(self) -> None:
        super().__init__(kit.template_file(self.name, Path(__file__).with_name("rds_server.yaml").read_text()))
