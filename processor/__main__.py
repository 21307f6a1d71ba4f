"""Run the command line as `python -m processor`."""

import sys

from processor.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
