"""
The documents that come with the product, wherever it was installed.
"""

import sys
import sysconfig
from pathlib import Path

import services
from services.runtime.errors import Misconfigured

__all__ = ["shipped_folder"]


def shipped_folder(name: str) -> Path:
    """
    Return a folder below `deploy`: of the checkout, or else where the package was installed. Raises Misconfigured.
    """
    places = [
        Path(services.__file__ or "").resolve().parents[1] / "deploy" / name,
        Path(sysconfig.get_path("data")) / "share" / "sqm" / "deploy" / name,
        Path(sys.prefix) / "share" / "sqm" / "deploy" / name,
    ]
    for place in places:
        if place.is_dir():
            return place
    raise Misconfigured(f"what comes with the product is in none of {', '.join(map(str, places))}; name a folder")
