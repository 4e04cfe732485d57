"""
What every service that answers HTTP needs: a server that can be started, stopped and not be exhausted, bodies of
bounded size, the answers to `/livez`, `/readyz`, `/metrics` and `/version`, and refusals as `application/problem+json`
(RFC 9457).
"""

from services.runtime.http.guard import Limits
from services.runtime.http.loopback import is_loopback
from services.runtime.http.operational import Readiness, operational_routes
from services.runtime.http.problems import PROBLEM_JSON, problem, problem_handlers
from services.runtime.http.request_body import read_body
from services.runtime.http.server import HttpServer

__all__ = [
    "PROBLEM_JSON",
    "HttpServer",
    "Limits",
    "Readiness",
    "is_loopback",
    "operational_routes",
    "problem",
    "problem_handlers",
    "read_body",
]
