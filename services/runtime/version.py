"""
Which version of the product runs.
"""

from importlib.metadata import PackageNotFoundError, version

__all__ = ["product_version"]

_PACKAGE = "sqm"
_NOT_INSTALLED = "0+checkout"


def product_version() -> str:
    """
    Return the version of the installed package; a checkout that runs without being installed says so.
    """
    try:
        return version(_PACKAGE)
    except PackageNotFoundError:
        return _NOT_INSTALLED
