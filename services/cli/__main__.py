"""
Runs the command line as `python -m services.cli`, which is what `sqm` is short for.
"""

import sys

from services.cli.frame import main

if __name__ == "__main__":
    sys.exit(main())
