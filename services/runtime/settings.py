"""
Reads settings from the environment: prefix `SQM_`, `__` between nested names, secrets also from files.

A process declares a subclass of `ProcessSettings` (a service of the line: of `ServiceSettings` in
`services.runtime.kafka.settings`, which has the brokers); its `app.py` calls `load_settings` once, logs
`describe(settings)` and hands plain values on. A secret such as `SQM_KAFKA__PASSWORD` may instead be in a file:
`SQM_KAFKA__PASSWORD_FILE`.
"""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, Field, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from services.runtime.errors import Misconfigured

__all__ = [
    "PREFIX",
    "LogFormat",
    "ProcessSettings",
    "describe",
    "load_settings",
]

PREFIX = "SQM_"
_NESTED = "__"
_FILE = "_FILE"
_SHOWN = 80
_HOW_JSON = """write a list as '["one", "another"]' and a table as '{"name": 1}', in single quotes for the shell"""


class LogFormat(StrEnum):
    """
    How log lines are written.
    """

    AUTO = "auto"
    """Console on a terminal, JSON otherwise."""
    JSON = "json"
    CONSOLE = "console"


class ProcessSettings(BaseSettings):
    """
    What every process of ours can be told; its own settings are fields of its subclass.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter=_NESTED, extra="forbid", frozen=True, use_attribute_docstrings=True
    )

    log_level: str = Field(default="INFO", pattern=r"^(DEBUG|INFO|WARNING|ERROR)$")
    """The least important log line that is written."""
    log_format: LogFormat = LogFormat.AUTO
    """Console lines on a terminal and JSON elsewhere, unless one of them is named."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003  (pydantic's signature, here and below)
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """
        Only what `load_settings` hands over: it has read the environment, with secret files put in place.
        """
        return (init_settings,)


_Settings = TypeVar("_Settings", bound=ProcessSettings)


def load_settings(kind: type[_Settings], environment: Mapping[str, str]) -> _Settings:
    """
    Return the settings that the environment describes; raise Misconfigured naming every variable that will not do.
    """
    if misspelt := _misspelt(kind, environment):
        raise Misconfigured(f"settings: {'; '.join(misspelt)}")
    # What is left over is a variable of another service: they share the prefix, and one environment file may serve all.
    known = set(kind.model_fields)
    values = {name: value for name, value in _Source(kind, environment)().items() if name in known}
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        faults = "; ".join(
            f"{_variable([str(part) for part in fault['loc']])}: {fault['msg']}" for fault in error.errors()
        )
        message = f"settings: {faults}"
        # Not chained: pydantic's own text repeats the input, and that may be a secret.
        raise Misconfigured(message) from None


def describe(settings: BaseModel, path: tuple[str, ...] = ()) -> dict[str, str]:
    """
    Return every setting by the name of its variable, secrets as `***`, long values cut: for the log at start.
    """
    shown: dict[str, str] = {}
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        if isinstance(value, BaseModel):
            shown |= describe(value, (*path, name))
        elif isinstance(value, SecretStr):
            shown[_variable([*path, name])] = "***"
        else:
            shown[_variable([*path, name])] = str(value)[:_SHOWN]
    return shown


def _variable(path: list[str]) -> str:
    return PREFIX + _NESTED.join(path).upper()


def _misspelt(kind: type[BaseModel], environment: Mapping[str, str]) -> list[str]:
    """
    Say which variables begin like those of these settings and yet are none of them: what they ask for would be ignored.
    """
    fields = kind.model_fields
    words = {field.partition("_")[0] for field in fields}
    files = {name + _FILE for name in _secrets(kind, [])}
    known = [*_names(kind, []), *files]
    said = []
    for variable in sorted(environment):
        name = variable.upper().removeprefix(PREFIX).lower()
        if not variable.upper().startswith(PREFIX) or name.partition("_")[0] not in words:
            continue
        if name.partition(_NESTED)[0] not in fields and variable.upper() not in files:
            nearest = get_close_matches(variable.upper(), known, n=1)
            said.append(f"{variable}: there is no such setting" + "".join(f"; {one} is one" for one in nearest))
    return said


def _names(kind: type[BaseModel], path: list[str]) -> Iterator[str]:
    for name, field in kind.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from _names(field.annotation, [*path, name])
        else:
            yield _variable([*path, name])


class _Source(EnvSettingsSource):
    """
    Reads an environment that it was handed, after putting the contents of secret files in place.
    """

    def __init__(self, kind: type[BaseSettings], environment: Mapping[str, str]) -> None:
        self._environment = _with_secret_files(environment, _secrets(kind, []))
        super().__init__(kind)

    def prepare_field_value(self, field_name: str, field: FieldInfo, value: object, value_is_complex: bool) -> object:  # noqa: FBT001  (pydantic's signature)
        try:
            return super().prepare_field_value(field_name, field, value, value_is_complex)
        except ValueError:
            message = f"settings: {_variable([field_name])} is not JSON; {_HOW_JSON}"
            # Not chained: the fault of JSON repeats the input, and that may be a secret.
            raise Misconfigured(message) from None

    def _load_env_vars(self) -> Mapping[str, str | None]:
        return {name.lower(): value for name, value in self._environment.items()}


def _secrets(kind: type[BaseModel], path: list[str]) -> Iterator[str]:
    for name, field in kind.model_fields.items():
        declared = field.annotation
        for candidate in (declared, *getattr(declared, "__args__", ())):
            if candidate is SecretStr:
                yield _variable([*path, name])
            elif isinstance(candidate, type) and issubclass(candidate, BaseModel):
                yield from _secrets(candidate, [*path, name])


def _with_secret_files(environment: Mapping[str, str], secrets: Iterator[str]) -> dict[str, str]:
    result = dict(environment)
    for name in secrets:
        file = result.pop(name + _FILE, None)
        if file is None:
            continue
        if name in environment:
            message = f"settings: {name} and {name}{_FILE} are both set; keep one"
            raise Misconfigured(message)
        try:
            result[name] = Path(file).read_text(encoding="utf-8").rstrip("\r\n")
        except OSError as error:
            message = f"settings: {name}{_FILE} names {file}, which cannot be read: {error.strerror}"
            raise Misconfigured(message) from error
    return result
