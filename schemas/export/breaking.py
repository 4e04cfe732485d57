"""
Finds changes of a JSON Schema that break who relies on it: what was valid before is refused now, or what was there
is gone.

Deliberately simple: it knows the keywords that the models produce, and takes a changed pattern for a narrower one,
since nobody can tell from the text. Old records lie on the topics for weeks, so this holds for outcomes as well as
for events.
"""

from typing import Any, Final

__all__ = ["breaking_changes"]

Schema = dict[str, Any]

_LOWER: Final = ("minimum", "exclusiveMinimum", "minLength", "minItems")
_UPPER: Final = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")


def breaking_changes(old: Schema, new: Schema) -> list[str]:
    """
    Each as ``path: what changed``; empty where every message that was valid still is, with nothing less in it.
    """
    return _Comparison(old, new).compare(old, new, "")


class _Comparison:
    """
    One comparison of two whole schemas, in which references are followed.
    """

    def __init__(self, old: Schema, new: Schema) -> None:
        self._old_definitions = old.get("$defs", {})
        self._new_definitions = new.get("$defs", {})
        self._within: set[tuple[str, str]] = set()
        """Definitions that are being compared: one may have itself as a part, and is compared once."""

    def compare(self, old: Schema, new: Schema, path: str) -> list[str]:
        names = (old.get("$ref", ""), new.get("$ref", ""))
        if not all(names):
            return self._compare(old, new, path)
        if names in self._within:
            return []
        self._within.add(names)
        found = self._compare(old, new, path)
        self._within.remove(names)
        return found

    def _compare(self, old: Schema, new: Schema, path: str) -> list[str]:
        old = _followed(old, self._old_definitions)
        new = _followed(new, self._new_definitions)
        olds, news = _alternatives(old), _alternatives(new)
        if len(olds) == 1 and len(news) == 1:
            return self._one(olds[0], news[0], path)
        found: list[str] = []
        for alternative in olds:
            attempts = sorted((self.compare(alternative, candidate, path) for candidate in news), key=len)
            if attempts[0]:
                found += attempts[0]
        return found

    def _one(self, old: Schema, new: Schema, path: str) -> list[str]:
        here = path or "the message"
        old = _followed(old, self._old_definitions)
        new = _followed(new, self._new_definitions)
        if "anyOf" in old or "anyOf" in new:
            return self.compare(old, new, path)
        found = self._values(old, new, here)
        if not found:
            found += self._fields(old, new, path)
            if "items" in new:
                found += self.compare(old.get("items", {}), new["items"], f"{path}[]")
        return found

    @staticmethod
    def _values(old: Schema, new: Schema, here: str) -> list[str]:
        found = []
        if "type" in new and old.get("type") != new["type"] and (old.get("type"), new["type"]) != ("integer", "number"):
            found.append(f"{here}: type {old.get('type', 'any')} became {new['type']}")
        gone = [value for value in _values_of(old) if value not in _values_of(new)] if _values_of(new) else []
        if gone:
            found.append(f"{here}: no longer accepts {', '.join(map(repr, gone))}")
        elif _values_of(new) and not _values_of(old):
            found.append(f"{here}: accepts only some values now")
        tighter: list[str] = []
        tighter += [bound for bound in _LOWER if bound in new and (bound not in old or new[bound] > old[bound])]
        tighter += [bound for bound in _UPPER if bound in new and (bound not in old or new[bound] < old[bound])]
        tighter += [word for word in ("pattern", "format") if word in new and old.get(word) != new[word]]
        return found + [f"{here}: {word} {old.get(word, 'none')} became {new[word]}" for word in tighter]

    def _fields(self, old: Schema, new: Schema, path: str) -> list[str]:
        found = []
        fields = new.get("properties", {})
        for name, schema in old.get("properties", {}).items():
            if name in fields:
                found += self.compare(schema, fields[name], f"{path}/{name}")
            else:
                found.append(f"{path}/{name}: the field is gone")
        newly = [name for name in new.get("required", []) if name not in old.get("required", [])]
        found += [f"{path}/{name}: the field is required now" for name in newly]
        other, others = old.get("additionalProperties", True), new.get("additionalProperties", True)
        if others is False and other is not False:
            found.append(f"{path or 'the message'}: unknown fields are refused now")
        elif isinstance(others, dict) and other is not False:
            found += self.compare(other if isinstance(other, dict) else {}, others, f"{path}/*")
        return found


def _followed(schema: Schema, definitions: dict[str, Schema]) -> Schema:
    if "$ref" not in schema:
        return schema
    return _followed(definitions[schema["$ref"].rsplit("/", 1)[-1]], definitions)


def _alternatives(schema: Schema) -> list[Schema]:
    alternatives: list[Schema] = schema.get("anyOf") or schema.get("oneOf") or [schema]
    return alternatives


def _values_of(schema: Schema) -> list[Any]:
    return [schema["const"]] if "const" in schema else list(schema.get("enum", []))
