"""What is measured, in Prometheus form; names and numbers only, never customer text."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, PlatformCollector, ProcessCollector

REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)
PlatformCollector(registry=REGISTRY)

_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 1.5, 2.5, 5, 10, 30, 60)

REQUEST_SECONDS = Histogram(
    "yinshu_request_seconds",
    "Time of a request by route and status.",
    ["method", "route", "status"],
    buckets=_SECONDS,
    registry=REGISTRY,
)
REQUESTS_RUNNING = Gauge("yinshu_requests_running", "Requests in work.", registry=REGISTRY)
MODEL_CALL_SECONDS = Histogram(
    "yinshu_model_call_seconds",
    "Time of a request at the OpenAI-compatible door by route and status, streams to their end.",
    ["route", "status"],
    buckets=_SECONDS,
    registry=REGISTRY,
)
ASK_SECONDS = Histogram(
    "yinshu_ask_seconds",
    "Time until the evidence stands and until the answer stands.",
    ["stage"],
    buckets=_SECONDS,
    registry=REGISTRY,
)
ASKS = Counter("yinshu_asks_total", "Questions by outcome.", ["status"], registry=REGISTRY)
ASKS_WAITING = Gauge("yinshu_asks_waiting", "Questions that wait for a thread or are in work.", registry=REGISTRY)
