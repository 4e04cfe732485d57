"""
Starts a worker: `python -m services.sla`, told by environment variables (`SQM_…`) what to do.
"""

import sys

from services.sla.app import main

if __name__ == "__main__":
    sys.exit(main())
