"""What `/metrics` shows, in Prometheus form."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

REQUEST_SECONDS = Histogram(
    "skypanel_request_seconds",
    "Time to answer a request",
    ["method", "status"],
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
JOB_SECONDS = Histogram("skypanel_job_seconds", "Time a job ran", ["job"])
OUTSIDE_CALLS = Counter("skypanel_outside_calls_total", "Calls to vendors", ["vendor", "outcome"])
POOL_SIZE = Gauge("skypanel_pool_connections", "Database connections of this process", ["state"])
QUEUE_JOBS = Gauge("skypanel_queue_jobs", "Jobs by state", ["state"])
FINDINGS = Gauge("skypanel_findings", "What stands against a law", ["check", "known"])
CHECKS_AGE_SECONDS = Gauge("skypanel_checks_age_seconds", "Time since the laws were looked at")
QUEUE_OLDEST_SECONDS = Gauge("skypanel_queue_oldest_seconds", "Age of the oldest due job")
CONSOLES = Gauge("skypanel_consoles_open", "Consoles that this process carries")
