"""
Starts ingest: `python -m services.ingest`, told by environment variables (`SQM_…`) what to do.
"""

import sys

from services.ingest.app import main

if __name__ == "__main__":
    sys.exit(main())
