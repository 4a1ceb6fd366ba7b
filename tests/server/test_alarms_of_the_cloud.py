"""Alarms of AWS templates on the cloud's alarm service, where the operator says so."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from isotherm.core.states import Status
from isotherm.kit.plugins import load_registry
from isotherm.server.operator_environment import operator_environment, with_operators_templates
from isotherm.testing.local_world import LocalWorld, play_on_local_cloud
from isotherm.testing.stage import Stage

OPERATORS = Path(__file__).parents[2] / "examples" / "13-autoscaling" / "operators"
STACK = """\
AWSTemplateFormatVersion: '2010-09-09'
Resources:
  busy:
    Type: AWS::CloudWatch::Alarm
    Properties:
      MetricName: cpu
      Namespace: instance
      Dimensions: [{Name: server_group, Value: web}]
      Statistic: Average
      Period: '60'
      EvaluationPeriods: '2'
      ComparisonOperator: GreaterThanThreshold
      Threshold: '80'
      AlarmActions: ['http://one.example/a?x=1', 'http://two.example/b']
"""


def test_the_operators_template_makes_an_alarm_of_the_cloud(tmp_path: Path) -> None:
    for folder, name in (
        ("environment.d", "environment.yaml"),
        ("templates", "AWS_CloudWatch_Alarm.yaml"),
    ):
        (tmp_path / folder).mkdir()
        shutil.copy(OPERATORS / name, tmp_path / folder)
    folder = str(tmp_path / "environment.d")
    environment = operator_environment(folder, load_registry())
    types = with_operators_templates(load_registry(), environment, folder)

    async def scenario(stage: Stage, world: LocalWorld) -> None:
        stage.types, stage.environment = types, environment
        async with stage.worker():
            stack_id = await stage.create(STACK)
            stack = await stage.settle(stack_id)
            assert stack.status is Status.COMPLETE, stack.status_reason
            (alarm,) = world.objects()["alarming.alarm"]
            assert alarm["type"] == "gnocchi_aggregation_by_resources_threshold"
            rule = alarm["rule"]
            assert json.loads(rule["query"]) == {"and": [{"=": {"server_group": "web"}}]}
            assert (rule["aggregation_method"], rule["comparison_operator"]) == ("mean", "gt")
            assert (rule["granularity"], rule["threshold"]) == (60, 80)
            assert alarm["alarm_actions"] == ["http://one.example/a?x=1", "http://two.example/b"]
            assert await stage.store.watches.watches(stage.project_id) == []
            await stage.delete(stack_id)
            await stage.settle(stack_id)
            assert world.objects() == {}

    play_on_local_cloud(scenario)
