"""
Starts history: `python -m services.history`, told by environment variables (`SQM_…`) what to do.
"""

import sys

from services.history.app import main

if __name__ == "__main__":
    sys.exit(main())
