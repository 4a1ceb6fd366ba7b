"""A stack's resources while they change: as a table, and as plain lines."""

from __future__ import annotations

import io
from dataclasses import dataclass

from rich.console import Console

from isotherm.cli.stack_view import StackView

ID = "856c12b8-f669-4093-83f7-53d2d09e36cb"


@dataclass
class Watch:
    now: float = 100.0

    def __call__(self) -> float:
        return self.now


def resource(name: str, state: str) -> dict[str, str]:
    return {
        "resource_name": name,
        "resource_type": "OS::Cinder::VolumeAttachment",
        "resource_status": state,
        "physical_resource_id": ID,
    }


def view(width: int = 80) -> tuple[StackView, Watch, io.StringIO]:
    watch, screen = Watch(), io.StringIO()
    return StackView("web", Console(file=screen, width=width), watch), watch, screen


def drawn(shown: StackView, screen: io.StringIO) -> str:
    screen.truncate(screen.seek(0))
    shown.console.print(shown.table())
    return screen.getvalue()


def test_a_change_is_timed_from_when_it_was_seen_to_begin() -> None:
    shown, watch, screen = view()
    shown.see("CREATE_IN_PROGRESS", [resource("volume", "CREATE_IN_PROGRESS")])
    watch.now += 1.5
    shown.see("CREATE_COMPLETE", [resource("volume", "CREATE_COMPLETE")])
    watch.now += 10
    assert "1.5 s │" in drawn(shown, screen)


def test_what_was_not_seen_to_begin_has_no_time() -> None:
    shown, _, screen = view()
    shown.see("CREATE_IN_PROGRESS", [resource("volume", "INIT_COMPLETE")])
    assert "0.0 s │" not in drawn(shown, screen)


def test_ids_are_whole_or_not_there() -> None:
    for width, there in ((80, False), (120, True)):
        shown, _, screen = view(width)
        shown.see("CREATE_COMPLETE", [resource("attachment", "CREATE_IN_PROGRESS")])
        table = drawn(shown, screen)
        assert (ID in table) is there
        assert "…" not in table
        assert max(map(len, table.splitlines())) <= width


def test_what_is_gone_was_deleted_and_took_its_time() -> None:
    shown, watch, screen = view()
    shown.see("DELETE_IN_PROGRESS", [resource("volume", "DELETE_IN_PROGRESS")])
    watch.now += 2
    shown.see("DELETE_COMPLETE", [])
    watch.now += 5
    table = drawn(shown, screen)
    assert "DELETE_COMPLETE" in table
    assert "2.0 s │" in table


def test_lines_tell_what_is_new_since_the_action_began() -> None:
    shown, watch, screen = view()
    shown.see("CREATE_COMPLETE", [resource("volume", "CREATE_COMPLETE")])
    shown.begin()
    watch.now += 1
    shown.see("DELETE_IN_PROGRESS", [resource("volume", "CREATE_COMPLETE")])
    shown.print_changes()
    watch.now += 1
    shown.see("DELETE_COMPLETE", [])
    shown.print_changes()
    assert screen.getvalue().splitlines() == [
        "   1.0 s  DELETE_IN_PROGRESS    web (stack)",
        "   2.0 s  DELETE_COMPLETE       volume (OS::Cinder::VolumeAttachment)",
        "   2.0 s  DELETE_COMPLETE       web (stack)",
    ]


def test_what_is_in_a_nested_stack_goes_by_its_place() -> None:
    shown, _, screen = view()
    inside, around = {"rel": "stack", "href": "n"}, {"rel": "nested", "href": "n"}
    inner = {**resource("server", "CREATE_COMPLETE"), "links": [inside]}
    outer = {**resource("web", "CREATE_IN_PROGRESS"), "links": [around]}
    shown.see("CREATE_IN_PROGRESS", [inner, outer])
    shown.print_changes()
    assert "web.server (" in screen.getvalue()
    assert " web (" in screen.getvalue()


def test_the_title_counts_what_is_done() -> None:
    shown, _, screen = view()
    states = ("CREATE_COMPLETE", "CREATE_IN_PROGRESS", "INIT_COMPLETE")
    shown.see("CREATE_IN_PROGRESS", [resource(each.lower(), each) for each in states])
    assert "CREATE_IN_PROGRESS, 1 of 3, after" in drawn(shown, screen)


def test_a_short_screen_shows_what_failed_and_what_is_on_its_way_first() -> None:
    screen = io.StringIO()
    console = Console(file=screen, width=80, height=8, force_terminal=True)
    shown = StackView("web", console, Watch())
    rows = [resource(f"done{number}", "CREATE_COMPLETE") for number in range(9)]
    rows += [resource("running", "CREATE_IN_PROGRESS"), resource("broken", "CREATE_FAILED")]
    shown.see("CREATE_IN_PROGRESS", rows)
    told = drawn(shown, screen)
    assert told.index("broken") < told.index("running")
    assert "done" not in told
    assert "and 9 more" in told


def failed_inside(outer_reason: str) -> StackView:
    shown, _, _ = view()
    outer = {
        **resource("outer", "CREATE_FAILED"),
        "links": [{"rel": "nested", "href": "below"}],
        "resource_status_reason": outer_reason,
    }
    inner = {
        **resource("inner", "CREATE_FAILED"),
        "links": [{"rel": "stack", "href": "below"}],
        "resource_status_reason": "Refused: resources.inner: the first cause",
    }
    shown.see("CREATE_FAILED", [outer, inner], f"Resource CREATE failed: {outer_reason}")
    return shown


def test_failures_are_told_from_the_inside() -> None:
    shown = failed_inside("Error: resources.outer: out of time")
    inner = ("outer.inner", "Refused: resources.inner: the first cause")
    assert shown.failures == [inner, ("outer", "Error: resources.outer: out of time")]


def test_a_failure_is_not_told_again_for_each_stack_that_it_is_inside_of() -> None:
    shown = failed_inside("Refused: resources.outer.resources.inner: the first cause")
    assert shown.failures == [("outer.inner", "Refused: resources.inner: the first cause")]
    assert shown.failed_for_a_resource
