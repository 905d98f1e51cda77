"""`python -m sandan`."""

from __future__ import annotations

import sys

from sandan.run.cli import main

if __name__ == "__main__":
    sys.exit(main())
