"""Measures are summed up, alarms change once, and what follows from that is done once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.contracts.store.records import START

from isotherm.core.ids import new_id
from isotherm.kit.measures import Sample, Series, sum_of
from isotherm.kit.watches import State, Watch
from isotherm.ports.records import replace
from isotherm.ports.store import Store
from isotherm.ports.watches import Call, Past, SeriesQuery

MINUTE = timedelta(minutes=1)
BEGIN = START.replace(minute=0, second=0, microsecond=0)


def series(**fields: Any) -> Series:
    return Series(**{"project_id": new_id(), "namespace": "N", "name": "cpu"} | fields)


def sample(of: Series, at: datetime, *values: float, unit: str = "") -> Sample:
    return Sample(series=of, at=at, unit=unit, sum=sum_of((value, 1.0) for value in values))


def watch(**fields: Any) -> Watch:
    of = fields.pop("series", None) or series()
    given: dict[str, Any] = {
        "id": new_id(),
        "project_id": of.project_id,
        "name": "high",
        "series": of,
        "statistic": "Average",
        "period": 60,
        "threshold": 1.0,
        "comparison": "GreaterThanThreshold",
        "state_at": BEGIN,
        "updated_at": BEGIN,
        "look_at": BEGIN,
    }
    return Watch(**given | fields)


def past(of: Watch, kind: str = "StateUpdate") -> Past:
    return Past(
        id=new_id(), project_id=of.project_id, name=of.name, at=BEGIN, kind=kind, summary="s"
    )


def call(of: Watch, **fields: Any) -> Call:
    given: dict[str, Any] = {"id": new_id(), "project_id": of.project_id, "name": of.name}
    return Call(**given | {"due_at": BEGIN, "action": "http://x", "body": {"a": 1}} | fields)


async def test_samples_are_summed_up_by_minutes_and_longer(store: Store) -> None:
    of = series(dimensions=(("a", "b"),))
    await store.watches.add_samples([sample(of, BEGIN, 1, 2), sample(of, BEGIN + MINUTE, 9)])
    await store.watches.add_samples([sample(of, BEGIN + MINUTE / 2, 6)])
    end = BEGIN + timedelta(hours=1)
    by_minutes = (await store.watches.points([of.id], 60, BEGIN, end))[of.id]
    assert [(each.at, each.sum.count, each.sum.total) for each in by_minutes] == [
        (BEGIN, 3.0, 9.0),
        (BEGIN + MINUTE, 1.0, 9.0),
    ]
    assert by_minutes[0].sum.values == {"1": 1.0, "2": 1.0, "6": 1.0}
    (hour,) = (await store.watches.points([of.id], 3600, BEGIN, end))[of.id]
    assert (hour.sum.count, hour.sum.low, hour.sum.high) == (4.0, 1.0, 9.0)
    assert await store.watches.points([of.id], 60, BEGIN - MINUTE, BEGIN) == {}
    assert await store.watches.points([series().id], 60, BEGIN, end) == {}


async def test_fine_samples_are_kept_by_the_second_for_a_while(store: Store) -> None:
    of, second = series(), timedelta(seconds=1)
    fine = [replace(sample(of, BEGIN + at * second, at), fine=True) for at in (1, 2)]
    await store.watches.add_samples([*fine, sample(of, BEGIN, 9)])
    end = BEGIN + MINUTE
    by_seconds = (await store.watches.points([of.id], 1, BEGIN, end))[of.id]
    assert [(each.at, each.sum.total) for each in by_seconds] == [
        (BEGIN + second, 1.0),
        (BEGIN + 2 * second, 2.0),
    ]
    (minute,) = (await store.watches.points([of.id], 60, BEGIN, end))[of.id]
    assert minute.sum.total == 12.0
    await store.watches.purge_measures(BEGIN + timedelta(hours=4))
    assert await store.watches.points([of.id], 1, BEGIN, end) == {}
    assert len((await store.watches.points([of.id], 60, BEGIN, end))[of.id]) == 1


async def test_units_are_kept_apart(store: Store) -> None:
    of = series()
    await store.watches.add_samples(
        [sample(of, BEGIN, 1, unit="Bytes"), sample(of, BEGIN, 2, unit="Bits")]
    )
    found = (await store.watches.points([of.id], 60, BEGIN, BEGIN + MINUTE))[of.id]
    assert {each.unit: each.sum.total for each in found} == {"Bytes": 1.0, "Bits": 2.0}


async def test_series_are_listed_by_what_they_are_called(store: Store) -> None:
    project = new_id()
    these = [series(project_id=project, name=name) for name in ("a", "b", "c")]
    await store.watches.add_samples([sample(each, BEGIN, 1) for each in (*these, series())])
    listed = await store.watches.series(SeriesQuery(project_id=project, limit=2))
    rest = await store.watches.series(SeriesQuery(project_id=project, after=listed[-1].id))
    assert sorted(each.name for each in [*listed, *rest]) == ["a", "b", "c"]
    named = await store.watches.series(SeriesQuery(project_id=project, namespace="N", name="b"))
    assert named == [these[1]]
    assert await store.watches.series(SeriesQuery(project_id=project, namespace="M")) == []
    await store.watches.add_samples([sample(these[0], BEGIN + timedelta(hours=4), 1)])
    lately = SeriesQuery(project_id=project, since=BEGIN + timedelta(hours=1))
    assert await store.watches.series(lately) == [these[0]]


async def test_a_watch_is_read_as_it_was_written(store: Store) -> None:
    one = watch(alarm_actions=("http://x",), state=State.ALARM)
    await store.watches.put_watch(one, past(one))
    assert await store.watches.watch(one.project_id, "high") == one
    changed = replace(one, threshold=5.0)
    await store.watches.put_watch(changed, past(one))
    other = watch(series=one.series, name="a")
    await store.watches.put_watch(other, past(other))
    assert await store.watches.watches(one.project_id) == [other, changed]
    assert await store.watches.remove_watch(one.project_id, "high", past(one, "gone"))
    assert not await store.watches.remove_watch(one.project_id, "high", past(one))
    assert await store.watches.watch(one.project_id, "high") is None
    kinds = [each.kind for each in await store.watches.history(one.project_id, "high")]
    assert kinds == ["gone", "StateUpdate", "StateUpdate"]
    assert len(await store.watches.history(one.project_id)) == 4


async def test_of_two_judgements_one_counts(store: Store) -> None:
    one = watch()
    await store.watches.put_watch(one, past(one, "made"))
    judged = replace(one, state=State.ALARM, version=2, look_at=BEGIN + MINUTE)
    first, second = call(one), call(one)
    assert await store.watches.conclude(judged, past(one, "first"), [first])
    assert not await store.watches.conclude(judged, past(one, "second"), [second])
    kinds = [each.kind for each in await store.watches.history(one.project_id)]
    assert kinds == ["first", "made"]
    due = [each.id for each in await store.watches.due_calls(BEGIN, 1000)]
    assert first.id in due
    assert second.id not in due
    assert await store.watches.watch(one.project_id, "high") == judged


async def test_what_is_due_is_found(store: Store) -> None:
    now, later = watch(look_at=BEGIN - MINUTE), watch(look_at=BEGIN + MINUTE)
    for each in (now, later):
        await store.watches.put_watch(each, past(each))
    due = [each.id for each in await store.watches.due_watches(BEGIN, 1000)]
    assert now.id in due
    assert later.id not in due


async def test_a_call_is_tried_again_until_it_is_ended(store: Store) -> None:
    one = watch()
    await store.watches.put_watch(one, past(one))
    made = call(one)
    await store.watches.conclude(replace(one, version=2), None, [made])
    await store.watches.put_call(replace(made, due_at=BEGIN + MINUTE, attempts=1))
    assert made.id not in [each.id for each in await store.watches.due_calls(BEGIN, 1000)]
    (again,) = [
        each for each in await store.watches.due_calls(BEGIN + MINUTE, 1000) if each.id == made.id
    ]
    assert again.attempts == 1
    for _ in range(2):
        await store.watches.end_call(made, past(one, f"Action {made.id}"))
    assert made.id not in [each.id for each in await store.watches.due_calls(BEGIN + MINUTE, 1000)]
    kinds = [each.kind for each in await store.watches.history(one.project_id)]
    assert kinds == [f"Action {made.id}", "StateUpdate"]


async def test_old_measures_go(store: Store) -> None:
    of = series()
    await store.watches.add_samples([sample(of, BEGIN, 1)])
    gone = await store.watches.purge_measures(BEGIN + timedelta(days=20))
    assert gone >= 1
    end = BEGIN + timedelta(hours=1)
    assert await store.watches.points([of.id], 60, BEGIN, end) == {}
    assert len((await store.watches.points([of.id], 300, BEGIN, end))[of.id]) == 1


async def test_series_without_measures_and_old_history_go(store: Store) -> None:
    of, one = series(), watch()
    await store.watches.put_watch(one, past(one))
    await store.watches.add_samples([sample(of, BEGIN, 1)])
    await store.watches.purge_measures(BEGIN + timedelta(days=1))
    assert await store.watches.series(SeriesQuery(project_id=of.project_id)) == [of]
    assert len(await store.watches.history(one.project_id)) == 1
    while await store.watches.purge_measures(BEGIN + timedelta(days=500)):
        pass
    assert await store.watches.series(SeriesQuery(project_id=of.project_id)) == []
    assert await store.watches.history(one.project_id) == []
    assert await store.watches.watch(one.project_id, "high") == one


async def test_those_that_stay_as_they_are_are_looked_at_later(store: Store) -> None:
    steady, changed = watch(), watch()
    for each in (steady, changed):
        await store.watches.put_watch(each, past(each))
    assert await store.watches.conclude(replace(changed, version=2, reason="new"))
    await store.watches.look_later(
        [replace(each, look_at=BEGIN + MINUTE) for each in (steady, changed)]
    )
    await store.watches.look_later([])
    found = [await store.watches.watch(each.project_id, "high") for each in (steady, changed)]
    assert [each and (each.look_at, each.version) for each in found] == [
        (BEGIN + MINUTE, 1),
        (BEGIN, 2),
    ]


async def test_one_is_looked_at_when_somebody_says(store: Store) -> None:
    one = watch()
    await store.watches.put_watch(one, past(one))
    await store.watches.look_at([one.id, new_id()], BEGIN + MINUTE)
    await store.watches.look_at([], BEGIN)
    found = await store.watches.watch(one.project_id, "high")
    assert found == replace(one, look_at=BEGIN + MINUTE)


async def test_a_call_is_made_by_who_claimed_it(store: Store) -> None:
    one = watch()
    await store.watches.put_watch(one, past(one))
    made = call(one)
    await store.watches.conclude(replace(one, version=2), None, [made])
    assert await store.watches.claim_call(made, BEGIN + MINUTE)
    assert not await store.watches.claim_call(made, BEGIN + MINUTE)
    assert made.id not in [each.id for each in await store.watches.due_calls(BEGIN, 1000)]
    due = await store.watches.due_calls(BEGIN + MINUTE, 1000)
    assert replace(made, due_at=BEGIN + MINUTE) in due
    await store.watches.end_call(made, past(one))
    assert not await store.watches.claim_call(made, BEGIN + MINUTE)
