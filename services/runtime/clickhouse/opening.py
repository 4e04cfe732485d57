"""
Opens the database that the settings name, for writing or for questions only.
"""

from services.runtime.clickhouse.database import Database, Limits
from services.runtime.clickhouse.folder import FolderDatabase
from services.runtime.clickhouse.server import ServerDatabase
from services.runtime.clickhouse.settings import ClickHouseSettings

__all__ = ["open_database", "open_reader"]


def open_database(settings: ClickHouseSettings) -> Database:
    """
    Open for everything; makes the database where it is missing.
    """
    if settings.url is None:
        return FolderDatabase(settings.folder, settings.database)
    return ServerDatabase(settings.url, settings.database, settings.username, settings.password.get_secret_value())


def open_reader(settings: ClickHouseSettings, limits: Limits) -> Database:
    """
    Open for questions only, each within `limits`. In a folder this is a second door into the same engine.
    """
    if settings.url is None:
        return FolderDatabase(settings.folder, settings.database, read_only=limits)
    password = settings.password.get_secret_value()
    return ServerDatabase(settings.url, settings.database, settings.username, password, read_only=limits)
