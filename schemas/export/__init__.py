"""
Makes from the models what others read: JSON Schemas, the AsyncAPI document and the reference pages.

``python -m schemas.export`` writes them, ``--check`` names those that differ from what would be written, and
``--breaking-against REVISION`` names the changes since a git revision that would break who relies on the contracts.
"""

from schemas.export.breaking import breaking_changes
from schemas.export.generated import Generated, drifted, generated_files
from schemas.export.messages import MESSAGES, Message

__all__ = ["MESSAGES", "Generated", "Message", "breaking_changes", "drifted", "generated_files"]
