"""OS::Heat::*: resources without an object in the cloud."""

from datetime import timedelta

import pytest

from isotherm.kit import Failed, Pending, Ready, Secret, Unknown, load_registry
from isotherm.kit.resource_type import AnyType
from isotherm.testing.resource_run import ResourceRun

TYPES = load_registry()
NONE, VALUE = TYPES["OS::Heat::None"], TYPES["OS::Heat::Value"]
STRING, TEST = TYPES["OS::Heat::RandomString"], TYPES["OS::Heat::TestResource"]
DELAY = TYPES["OS::Heat::Delay"]


async def test_none_is_open_and_all_its_attributes_are_null() -> None:
    run = ResourceRun.begin(NONE, {})
    assert isinstance(await run.create(), Ready)
    assert NONE.type_schema().open
    assert await run.attribute("whatever") is None
    assert len(run.ctx.physical_id) == 36


@pytest.mark.parametrize("value", ["3.50", True, {"a": 1}, [1, "b"]])
async def test_value_gives_what_it_was_given(value: object) -> None:
    run = ResourceRun.begin(VALUE, {"value": value})
    assert isinstance(await run.create(), Ready)
    assert await run.attribute("value") == value
    assert VALUE.reference(run.ctx) == "stack-it-token"


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("string", "x", {"a": 1}),
        ("number", "3.5", "x"),
        ("comma_delimited_list", ["a"], "a,b"),
        ("json", {"a": 1}, '{"a": 1}'),
        ("boolean", "True", "yes"),
    ],
)
def test_value_is_checked_against_its_type(kind: str, good: object, bad: object) -> None:
    assert list(VALUE.validate({"type": kind, "value": good})) == []
    assert [path for path, _ in VALUE.validate({"type": kind, "value": bad})] == ["value"]
    (problem,) = VALUE.validate({"type": kind, "value": Secret(bad)})
    assert str(bad) not in problem[1]
    assert list(VALUE.validate({"type": kind, "value": Unknown("x")})) == []


async def test_random_string_is_drawn_once() -> None:
    run = ResourceRun.begin(STRING, {})
    await run.create()
    first = await run.attribute("value")
    await STRING.create(run.ctx)
    assert await run.attribute("value") == first == STRING.reference(run.ctx)
    assert len(str(first)) == 32
    assert str(first).isalnum()


async def test_random_string_holds_its_minimums() -> None:
    properties = {
        "length": 8,
        "character_classes": [{"class": "digits", "min": 3}],
        "character_sequences": [{"sequence": "%^", "min": 5}],
    }
    run = ResourceRun.begin(STRING, properties)
    await run.create()
    value = str(await run.attribute("value"))
    assert sum(each.isdigit() for each in value) == 3
    assert sum(each in "%^" for each in value) == 5


async def test_the_old_way_to_name_a_class_still_works() -> None:
    run = ResourceRun.begin(STRING, {"length": 20, "sequence": "octdigits"})
    await run.create()
    assert set(str(await run.attribute("value"))) <= set("01234567")


def test_random_string_shorter_than_its_minimums_is_refused() -> None:
    classes = [{"class": "digits", "min": 3}]
    assert [p for p, _ in STRING.validate({"length": 2, "character_classes": classes})] == [
        "length"
    ]
    assert list(STRING.validate({"length": Unknown(), "character_classes": classes})) == []
    assert list(STRING.validate({"length": 3, "character_classes": classes})) == []


async def test_test_resource_takes_its_time_by_action() -> None:
    run = ResourceRun.begin(TEST, {"wait_secs": 3, "action_wait_secs": {"update": 7}})
    begun = run.ctx.now
    assert isinstance(await run.create(), Ready)
    assert run.ctx.now - begun == timedelta(seconds=3)
    begun = run.ctx.now
    waits = {"wait_secs": 3, "action_wait_secs": {"update": 7}}
    assert isinstance(await run.update({**waits, "value": "new"}), Ready)
    assert run.ctx.now - begun == timedelta(seconds=7)
    assert await run.attribute("output") == "new"
    begun = run.ctx.now
    assert isinstance(await run.delete(), Ready)
    assert run.ctx.now - begun == timedelta(seconds=3)


async def test_test_resource_fails_after_its_wait() -> None:
    run = ResourceRun.begin(TEST, {"fail": True, "wait_secs": 1})
    assert isinstance(await TEST.create(run.ctx), Pending)
    assert await run.create() == Failed("Test Resource failed it", kind="ValueError")


async def test_test_resource_asks_for_its_replacement() -> None:
    run = ResourceRun.begin(TEST, {})
    new = ResourceRun.begin(TEST, {"update_replace": True}, recorded=run.ctx.props)
    assert TEST.replaces(new.changes(), run.ctx.props, new.ctx.props)
    back = ResourceRun.begin(TEST, {}, recorded=new.ctx.props)
    assert not TEST.replaces(back.changes(), new.ctx.props, run.ctx.props)


async def test_delay_waits_the_same_time_after_a_restart() -> None:
    run = ResourceRun.begin(DELAY, {"min_wait": 2, "max_jitter": 10, "jitter_multiplier": 2})
    first = await DELAY.create(run.ctx)
    assert isinstance(first, Pending)
    assert 2 <= first.poll_after <= 22
    run.ctx.now += timedelta(seconds=1)
    again = await DELAY.advance(run.ctx, {})
    assert isinstance(again, Pending)
    assert again.poll_after == pytest.approx(first.poll_after - 1)
    assert isinstance(await run.create(), Ready)


async def test_delay_waits_in_the_actions_it_names_only() -> None:
    run = ResourceRun.begin(DELAY, {"min_wait": 2, "actions": ["DELETE"]})
    assert isinstance(await DELAY.create(run.ctx), Ready)
    begun = run.ctx.now
    assert isinstance(await run.delete(), Ready)
    assert run.ctx.now - begun == timedelta(seconds=2)


@pytest.mark.parametrize(
    ("policy", "kind", "least", "number", "percent"),
    [
        (
            TYPES["OS::Heat::ScalingPolicy"],
            "adjustment_type",
            "min_adjustment_step",
            "exact_capacity",
            "percent_change_in_capacity",
        ),
        (
            TYPES["AWS::AutoScaling::ScalingPolicy"],
            "AdjustmentType",
            "MinAdjustmentStep",
            "ChangeInCapacity",
            "PercentChangeInCapacity",
        ),
    ],
)
def test_only_a_percentage_has_a_least_step(
    policy: AnyType, kind: str, least: str, number: str, percent: str
) -> None:
    ((where, why),) = policy.validate({kind: number, least: 1})
    assert where == least
    assert percent in why
    assert not [*policy.validate({kind: percent, least: 1})]
    assert not [*policy.validate({kind: number, least: None})]
    assert not [*policy.validate({kind: Unknown("x"), least: 1})]
