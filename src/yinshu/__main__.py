"""`python -m yinshu` is the same as `yinshu`."""

from __future__ import annotations

import sys

from yinshu.cli import main

sys.exit(main())
