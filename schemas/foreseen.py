"""
What a later version of the product will understand: known by name, and refused.
"""

from pydantic import ValidationError
from pydantic_core import PydanticCustomError


def refuse_foreseen(value: object, names: tuple[str, ...], title: str) -> object:
    """
    Refuse what a later version of the product will understand, each at its own place.
    """
    found = [name for name in names if name in value] if isinstance(value, dict) else []
    if found and isinstance(value, dict):
        raise ValidationError.from_exception_data(
            title,
            [
                {
                    "type": PydanticCustomError("not_supported_yet", "not supported yet; remove it"),
                    "loc": (name,),
                    "input": value[name],
                }
                for name in found
            ],
        )
    return value
