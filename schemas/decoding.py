"""
What those have to expect who decode bytes that others sent.
"""

from typing import Final

import msgspec

__all__ = ["NOT_READABLE"]

NOT_READABLE: Final = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
"""What bytes that are not what they should be make a decoder raise: no JSON, another shape, no UTF-8, nested without
end."""
