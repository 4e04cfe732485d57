"""
What systemd itself thinks of a unit.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path


def verified(folder: Path, name: str, text: str) -> subprocess.CompletedProcess[str]:
    """
    Let systemd look at a unit of this name and text.
    """
    program = shutil.which("systemd-analyze")
    assert program is not None, "no systemd-analyze: `make test` installs it, or says how"
    # It looks whether the program exists; the product's own Python is elsewhere on this machine.
    (folder / name).write_text(re.sub(r"/usr/local/lib/[a-z-]+/bin/python", sys.executable, text))
    command = [program, "verify", str(folder / name)]
    return subprocess.run(command, capture_output=True, text=True, check=False)
