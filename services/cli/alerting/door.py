"""
The running service of alerts, as the command line asks it over HTTP.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import quote

import typer

from services.cli.shown_token import read_token
from services.runtime.errors import Misconfigured, Overloaded, Rejected, Unreachable

__all__ = ["DEFAULT_URL", "Door", "TokenFile", "Url", "open_door"]

DEFAULT_URL: Final = "http://127.0.0.1:8084"
_SECONDS: Final = 30.0
_PAGE: Final = 1_000
_OK: Final = (200, 202)
_UNAUTHORIZED: Final = 401
_LATER: Final = 503

Url = Annotated[str, typer.Option("--url", metavar="URL", help="Where the service of alerts listens.")]
TokenFile = Annotated[
    Path | None, typer.Option("--token-file", metavar="FILE", help="File with your token; else SQM_TOKEN.")
]


class Door:
    """
    Asks one service on behalf of the holder of a token.
    """

    def __init__(self, url: str, token: str | None) -> None:
        self._url = url.rstrip("/")
        self._headers = {"authorization": f"Bearer {token}"} if token else {}

    def alerts(self, **labels: str) -> list[dict[str, Any]]:
        """
        The alerts that are not over and have these labels, and this `state`.
        """
        return self._all("/v1/alerts", "alerts", labels)

    def alert(self, key: str) -> dict[str, Any]:
        return self._ask("GET", f"/v1/alerts/{quote(key, safe='')}")

    def silences(self) -> list[dict[str, Any]]:
        return self._all("/v1/silences", "silences", {})

    def on_call(self) -> list[dict[str, Any]]:
        """
        Who is on call now, in the order of the schedules.
        """
        return self._all("/v1/on-call", "on_call", {})

    def _all(self, path: str, kind: str, wanted: Mapping[str, str]) -> list[dict[str, Any]]:
        """
        What a list has on all of its pages.
        """
        found: list[dict[str, Any]] = []
        more: dict[str, str] = {}
        while True:
            page = self._ask("GET", path, params={**wanted, "limit": str(_PAGE), **more})
            found += page[kind]
            if page.get("next") is None:
                return found
            more = {"after": page["next"]}

    def give(self, action: str, **said: object) -> str:
        """
        Give a command; returns its id. What is None is not said.
        """
        body = {"action": action, **{name: one for name, one in said.items() if one is not None}}
        return str(self._ask("POST", "/v1/alert-commands", json=body)["id"])

    def publish(self, alerting: Mapping[str, Any]) -> None:
        """
        Put a configuration, as JSON has it, in the place of the one in force.
        """
        self._ask("POST", "/v1/alerting", json=alerting)

    def _ask(self, method: str, path: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401  what httpx takes
        import httpx  # noqa: PLC0415  (heavy, and help must be quick)

        try:
            answer = httpx.request(method, self._url + path, headers=self._headers, timeout=_SECONDS, **more)
        except httpx.InvalidURL as error:
            raise Misconfigured(
                f"--url {self._url[:200]}: is no address: {error}; write it like {DEFAULT_URL}"
            ) from error
        except httpx.HTTPError as error:
            raise Unreachable(
                f"the service of alerts does not answer at {self._url}: {error}; start it with `sqm serve alerts`, or "
                "say where it is with --url"
            ) from error
        try:
            said = dict(answer.json())
        except (ValueError, TypeError):
            said = {}
        if answer.status_code in _OK and said:
            return said
        detail = said.get("detail") or f"{self._url} answered {answer.status_code}; is this the service of alerts?"
        if answer.status_code == _UNAUTHORIZED:
            hint = "give a token in SQM_TOKEN or --token-file; `sqm tokens create NAME --role operator` makes one"
            raise Misconfigured(f"the service of alerts at {self._url} does not know you: {hint}")
        if answer.status_code == _LATER:
            raise Overloaded(str(detail))
        raise Rejected(str(said.get("reason", "unknown")), str(detail))


def open_door(url: str, token_file: Path | None) -> Door:
    """
    The service at an address, with the token of a file, else of the environment.
    """
    if not url.startswith(("http://", "https://")):
        raise Misconfigured(f"--url {url[:200]}: is no address; write it like {DEFAULT_URL}")
    return Door(url, read_token(token_file))
