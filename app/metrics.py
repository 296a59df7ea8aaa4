"""What Prometheus reads, at an address of its own that nobody outside can reach: figures of all processes together."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from flask import Flask

from app.logs.counts import BOUNDS, Counts
from app.services.jobs.readiness import Health, measured

PATH = "/metrics"
PLAIN = [("Content-Type", "text/plain; version=0.0.4; charset=utf-8")]


def metrics_at(app: Flask) -> Callable[..., Iterable[bytes]]:
    """The program behind that address; it knows one page, and no sessions, people or hosts."""

    def answer(asked: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if asked.get("PATH_INFO") != PATH or asked.get("REQUEST_METHOD") != "GET":
            start_response("404 Not Found", PLAIN)
            return [b""]
        with app.app_context():
            page = written(app)
        start_response("200 OK", PLAIN)
        return [page]

    return answer


def written(app: Flask) -> bytes:
    """The figures of this moment."""
    # Brought when it is first asked for: a start need not wait for it.
    from prometheus_client import CollectorRegistry, generate_latest
    from prometheus_client.registry import Collector

    class Figures(Collector):
        def collect(self) -> Iterable[Any]:
            yield from _answers(app.extensions["answer_counts"])
            yield from _parts()

    registry = CollectorRegistry(auto_describe=False)
    registry.register(Figures())
    page: bytes = generate_latest(registry)
    return page


def _answers(counts: Counts) -> Iterable[Any]:
    from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily

    number = CounterMetricFamily("fund_answers", "Answers by route and kind of status.", labels=("route", "status"))
    took = HistogramMetricFamily("fund_answer_seconds", "How long until an answer began.", labels=("route",))
    for each in counts.told():
        for kind, answers in each.answers.items():
            number.add_metric((each.route, kind), answers)
        bounds = [*(str(bound) for bound in BOUNDS), "+Inf"]
        took.add_metric((each.route,), list(zip(bounds, each.within, strict=True)), each.seconds)
    return number, took


def _parts() -> Iterable[Any]:
    from prometheus_client.core import GaugeMetricFamily

    found = measured(datetime.now(UTC))
    part = GaugeMetricFamily("fund_part_ok", "Whether a part is there and goes on.", labels=("part",))
    for name, health in found.parts.items():
        part.add_metric((name,), float(health is Health.OK))
    done = GaugeMetricFamily("fund_job_done_seconds", "Seconds since the worker last did a job.", labels=("job",))
    fails = GaugeMetricFamily("fund_job_fails", "Whether the worker's last try of a job failed.", labels=("job",))
    for job, (seconds, failing) in found.jobs.items():
        done.add_metric((job,), seconds)
        fails.add_metric((job,), float(failing))
    free = GaugeMetricFamily("fund_free_bytes", "Room left where this machine writes.", labels=("folder",))
    for folder, number in found.free.items():
        free.add_metric((folder,), number)
    figures = [
        GaugeMetricFamily(f"fund_{name}", f"{name.replace('_', ' ').capitalize()}.", value=value)
        for name, value in found.figures.items()
    ]
    return part, done, fails, free, *figures
