"""
Starts the agent: `python -m services.agent`, told by environment variables (`SQM_…`) what to do.
"""

import argparse
import sys


def _main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m services.agent",
        description="Keep what tills send until ingest has it. Settings are environment variables, SQM_AGENT_…; "
        "they are logged at start.",
    )
    parser.parse_args()
    # After the arguments, so that --help answers at once.
    from services.agent.app import main  # noqa: PLC0415

    return main()


if __name__ == "__main__":
    sys.exit(_main())
