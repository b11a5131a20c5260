"""The embedded model lives in its own process, comes again when killed, and ends with its owner."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from yinshu.adapters.models.embedded import EmbeddedOptions, EmbeddedRuntime
from yinshu.kernel.gateway.errors import BadModel, ModelDown

WEIGHTS = "YINSHU_TEST_GGUF"
ANSWER_SECONDS = 300


def test_without_weights_the_remedy_is_named(tmp_path: Path) -> None:
    runtime = EmbeddedRuntime(EmbeddedOptions(tmp_path / "none.gguf", 1, 512))
    with pytest.raises(BadModel, match="models pull"):
        runtime.running()
    runtime.close()


def test_a_file_that_is_no_model_does_not_start_and_is_not_tried_in_a_loop(tmp_path: Path) -> None:
    (tmp_path / "bad.gguf").write_bytes(b"GGUF" + bytes(100))
    runtime = EmbeddedRuntime(EmbeddedOptions(tmp_path / "bad.gguf", 1, 512))
    with pytest.raises(ModelDown, match="没有启动成功"):
        runtime.running()
    started = time.monotonic()
    with pytest.raises(ModelDown):
        runtime.running()
    assert time.monotonic() - started < 60
    assert runtime.pid is None
    runtime.close()
    with pytest.raises(ModelDown, match="正在停止"):
        runtime.running()


@pytest.fixture(scope="module")
def runtime() -> Iterator[EmbeddedRuntime]:
    path = os.environ.get(WEIGHTS, "")
    if not Path(path).is_file():
        pytest.skip(f"no weights: set {WEIGHTS} to a GGUF file")
    made = EmbeddedRuntime(EmbeddedOptions(Path(path), 1, 1_024, slots=1))
    yield made
    made.close()


@pytest.mark.model
@pytest.mark.timeout(900)
def test_the_real_model_answers_and_comes_back_after_a_kill(runtime: EmbeddedRuntime) -> None:
    first = runtime.running()
    pid = runtime.pid
    assert pid is not None
    assert pid != os.getpid()
    assert httpx.get(f"{first.url}/models").status_code in (200, 401)
    body = {"messages": [{"role": "user", "content": "1+1=?"}], "max_tokens": 4}
    refused = httpx.post(f"{first.url}/chat/completions", json=body, timeout=ANSWER_SECONDS)
    assert refused.status_code == 401
    headers = {"Authorization": f"Bearer {first.key}"}
    answer = httpx.post(f"{first.url}/chat/completions", json=body, headers=headers, timeout=ANSWER_SECONDS).json()
    assert answer["choices"][0]["message"]["content"]
    os.kill(pid, signal.SIGKILL)
    while runtime.pid is not None:
        time.sleep(0.05)
    time.sleep(1.1)
    again = runtime.running()
    assert again.key != first.key
    assert runtime.pid not in (None, pid)
