"""`python -m flows.cli` is the `safeguarding` command."""

import sys

from flows.cli.main import main

sys.exit(main())
