"""What workers learn of how long steps take."""

from __future__ import annotations

from tests.contracts.store.records import add_stack, lease

from isotherm.engine.recording.durations import Durations
from isotherm.planning.plan import Kind
from isotherm.ports.records import DONE, Duration, StepReport
from isotherm.ports.store import Fence, Writes
from isotherm.testing.store import MemoryStore
from isotherm.testing.virtual_time import VirtualClock, run_virtually

SERVER = "OS::Nova::Server"


def took(seconds: float, *, of: str = SERVER, outcome: str = DONE) -> StepReport:
    return StepReport("s", "s", of, "create", (), 0.0, 1.0, 1.0 + seconds, outcome)


def known(durations: Durations, of: str = SERVER) -> float:
    return durations.expected(of, Kind.CREATE, effectless=False)


def fresh() -> Durations:
    clock = VirtualClock()
    return Durations(MemoryStore(clock), clock)


def test_the_first_look_counts_whole_and_later_ones_in_part() -> None:
    durations = fresh()
    assert known(durations) == 1.0, "a guess"
    assert durations.learn([took(7), took(9), took(50, outcome="failed")]) == [
        Duration(type=SERVER, kind="create", seconds=8.0)
    ]
    (later,) = durations.learn([took(18)])
    assert later.seconds == known(durations) == 11.0


def test_what_hardly_changes_is_not_written_again() -> None:
    durations = fresh()
    durations.learn([took(8)])
    assert durations.learn([took(8.5)]) == []
    assert known(durations) == 8.15
    assert [len(durations.learn([took(9.5)])) for _ in range(3)] == [0, 1, 0], "but in the end"
    assert durations.learn([took(0.25, of="OS::Neutron::Port")]) != []
    assert durations.learn([took(0.125, of="OS::Neutron::Net")]) == []
    assert known(durations, "OS::Neutron::Net") == 0.125


def test_templates_are_one_kind_whatever_their_files_are_called() -> None:
    durations = fresh()
    (learnt,) = durations.learn([took(5, of="web.yaml"), took(7, of="db.yaml")])
    assert learnt == Duration(type="OS::Heat::Stack", kind="create", seconds=6.0)
    assert known(durations, "other.yaml") == 6.0


def test_what_has_no_object_takes_no_time() -> None:
    assert fresh().expected("OS::Heat::Value", Kind.CREATE, effectless=True) == 0.0


def test_what_others_have_learnt_is_read_now_and_then() -> None:
    async def play() -> None:
        clock = VirtualClock()
        store = MemoryStore(clock)
        ours, theirs = Durations(store, clock), Durations(store, clock)
        await ours.refresh()
        fence = Fence(lease=await lease(store, await add_stack(store)))
        await store.commit(fence, Writes(durations=theirs.learn([took(8)])))
        await ours.refresh()
        assert known(ours) == 1.0, "not at every operation"
        await clock.sleep(301)
        await ours.refresh()
        assert known(ours) == 8.0

    run_virtually(play)
