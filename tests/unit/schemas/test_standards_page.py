"""
The page about the kinds of standards: every document on it can be published as it stands.
"""

import re

import pytest
import yaml

from schemas.standards import DOCUMENTS, KINDS, Standard
from tests.project import PROJECT

BLOCKS = re.findall(r"```yaml\n(.*?)```", (PROJECT / "docs" / "standards.md").read_text("utf-8"), re.DOTALL)


@pytest.mark.parametrize("block", BLOCKS)
def test_every_document_on_the_page_is_one(block: str) -> None:
    read = yaml.load(block, Loader=yaml.BaseLoader)  # noqa: S506 - our own page, and text only
    read["metadata"]["version"] = int(read["metadata"]["version"])
    text = yaml.safe_load(block)
    text["metadata"]["effective_from"] = read["metadata"]["effective_from"]
    assert isinstance(DOCUMENTS.validate_python(text), Standard)


def test_every_kind_has_its_document() -> None:
    assert {kind for kind in KINDS if any(f"\n{kind}:" in block for block in BLOCKS)} == set(KINDS)
