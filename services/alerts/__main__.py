"""
Starts the service of alerts: `python -m services.alerts`, told by environment variables (`SQM_…`) what to do.
"""

import sys

from services.alerts.app import main

if __name__ == "__main__":
    sys.exit(main())
