"""A process that is killed while it answers loses no question: the next one shows it and asks it again."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

from tests.kernel.assistant.people import OPEN, both_answer, make_assistant, person
from yinshu.kernel.assistant import Ended, TurnRequest
from yinshu.kernel.base.clock import Clock
from yinshu.kernel.base.database import metadata, open_engine

ROOT = Path(__file__).resolve().parents[3]
KILLED_AFTER_BEGIN = """
import os, signal, sys
sys.path[:0] = [{root!r}]
from tests.kernel.assistant.people import OPEN, make_assistant, person
from yinshu.kernel.assistant import TurnRequest
from yinshu.kernel.base.clock import Clock
from yinshu.kernel.base.database import open_engine

assistant = make_assistant(open_engine({url!r}), Clock())
assistant.begin(person("per_owner", OPEN), {conversation!r}, TurnRequest("单位卡能取现金吗", key="k1"))
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_question_survives_a_kill_and_is_answered_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'yinshu.db'}"
    engine = open_engine(url)
    metadata.create_all(engine)
    owner, assistant = person("per_owner", OPEN), make_assistant(engine, Clock())
    conversation = assistant.create(owner).id
    script = KILLED_AFTER_BEGIN.format(root=str(ROOT), url=url, conversation=conversation)
    killed = subprocess.run([sys.executable, "-c", script], capture_output=True, timeout=100, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    # What the next process on SQLite does when it starts.
    assistant.interrupt_all()
    turn = assistant.open(owner, conversation).turns[0]
    assert (turn.state, turn.question) == ("interrupted", "单位卡能取现金吗")
    again = assistant.begin(owner, conversation, TurnRequest("单位卡能取现金吗", key="k1"))
    assert (again.fresh, again.turn.id) == (True, turn.id)
    assistant.end(owner, again.turn, Ended(both_answer(), "run_1", {}))
    assert [one.state for one in assistant.open(owner, conversation).turns] == ["answered"]
    engine.dispose()
