"""
Where the database is.
"""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, SecretStr

__all__ = ["ClickHouseSettings"]


class ClickHouseSettings(BaseModel):
    """
    A ClickHouse server by its URL, or the engine inside the process with its data in a folder.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    url: str | None = Field(
        default=None, pattern=r"^(https?|clickhouse|clickhouses)://[^\s/?#]+(/[A-Za-z0-9_]*)?(\?\S*)?$"
    )
    """HTTP address of a server, such as http://clickhouse:8123. None: the embedded engine."""
    folder: Path = Path("var/history")
    """Folder of the embedded engine; one process at a time may have it open. Used where no URL is given."""
    database: str = Field(default="sqm", pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,63}$")
    """Database of this deployment, made where it is missing."""
    username: str = "default"
    """User of the server."""
    password: SecretStr = SecretStr("")
    """Password of the user; `SQM_CLICKHOUSE__PASSWORD_FILE` may name a file with it."""

    @property
    def place(self) -> str:
        """
        Where it is, for messages; without what only those may know who have the settings.
        """
        if self.url is None:
            return str(self.folder)
        return f"the database {self.database} of {self.url.partition('://')[2].rpartition('@')[2].partition('?')[0]}"
