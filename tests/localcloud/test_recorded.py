"""What the cloud answered to the clients and tests of the project, it still answers."""

from pathlib import Path

import pytest
from tests.localcloud.replaying import RECORDED, Differs, Replay, conversations

FILES = sorted(RECORDED.glob("*.jsonl.gz"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name.partition(".")[0])
async def test_the_same_is_answered(path: Path) -> None:
    for start, *steps in conversations(path):
        replay = Replay(start)
        try:
            for position, step in enumerate(steps):
                try:
                    await replay.say(step)
                except Differs as difference:
                    where = f"{start['said']}, step {position}: {step['method']} {step['path']}"
                    pytest.fail(f"{where}?{step.get('query', '')} {step.get('body')}\n{difference}")
        finally:
            replay.close()
