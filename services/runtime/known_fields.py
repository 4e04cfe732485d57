"""
Which fields a model has at a place of a document, for whoever misspelt one of them there.
"""

from collections.abc import Iterable
from typing import get_args

from pydantic import BaseModel

__all__ = ["fields_at"]


def fields_at(kind: object, place: Iterable[int | str]) -> set[str]:
    """
    Name the fields that may stand at a place, as they are written; of alternatives those of all that are left.

    `place` is a location of pydantic: keys, places in lists, and the tags by which it told alternatives apart.
    """
    here = _models(kind)
    for step in place:
        if isinstance(step, int):
            continue
        inside = [
            field.annotation
            for model in here
            for name, field in model.model_fields.items()
            if step in (name, field.alias)
        ]
        if inside:
            here = set().union(*map(_models, inside))
        else:
            here = {model for model in here if _is_told_by(model, step)} or here
    return {field.alias or name for model in here for name, field in model.model_fields.items()}


def _models(annotation: object) -> set[type[BaseModel]]:
    """
    The models in an annotation, however deep in lists, unions and alternatives.
    """
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return {annotation}
    return set().union(*map(_models, get_args(annotation)))


def _is_told_by(model: type[BaseModel], tag: str) -> bool:
    return any(tag in get_args(field.annotation) for field in model.model_fields.values())
