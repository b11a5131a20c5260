"""The embedded model's own process: serves one GGUF file on a loopback port until its standard input closes.

Started as `python -m yinshu.adapters.models.embedded_worker`; the first line it reads is JSON ({path, threads,
context_tokens, slots, key}), the first line it writes is JSON ({address}) or {error}. The key is never on the command
line, where other users of the machine could read it.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

QUIET = 0


def main() -> int:
    """Serve until the parent is gone; 1 when the weights cannot be loaded."""
    order: dict[str, Any] = json.loads(sys.stdin.readline())
    # llama.cpp writes on the standard output of its own accord; only our line belongs on the parent's pipe.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    import xllamacpp

    parameters = xllamacpp.CommonParams()
    parameters.model.path = order["path"]
    parameters.n_ctx = order["context_tokens"]
    parameters.n_parallel = order["slots"]
    parameters.cpuparams.n_threads = order["threads"]
    parameters.cpuparams_batch.n_threads = order["threads"]
    parameters.port = 0
    parameters.api_keys = [order["key"]]
    parameters.warmup = False
    parameters.ui = False
    parameters.endpoint_slots = False
    parameters.endpoint_props = False
    parameters.verbosity = QUIET
    parameters.offline = True
    try:
        server = xllamacpp.Server(parameters)
    except RuntimeError as error:
        _tell(answers, {"error": str(error)[:500]})
        return 1
    _tell(answers, {"address": server.listening_address})
    sys.stdin.read()
    # The process is going to end; waiting for a running answer would only keep the weights in memory.
    os._exit(0)


def _tell(answers: Any, message: dict[str, str]) -> None:
    answers.write(json.dumps(message) + "\n")
    answers.flush()


if __name__ == "__main__":
    raise SystemExit(main())
