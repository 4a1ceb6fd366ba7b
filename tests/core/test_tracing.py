"""The ids that go with what is logged."""

from __future__ import annotations

from isotherm.core.tracing import trace, traced, tracing


def test_ids_hold_from_where_they_are_told_to_the_end_of_their_block() -> None:
    with tracing(request_id="r", stack_id=""):
        assert traced() == {"request_id": "r"}
        trace(stack_id="s", user_id="")
        assert traced() == {"request_id": "r", "stack_id": "s"}
        with tracing(traversal="1"):
            assert traced() == {"traversal": "1"}, "nothing else of before"
        assert traced() == {"request_id": "r", "stack_id": "s"}
