"""What killed processes left half done in folders that living ones work in."""

from __future__ import annotations

import shutil
import time
from pathlib import Path


def sweep(folder: Path, pattern: str, age_seconds: float) -> int:
    """Remove the files and folders of a glob pattern that are older; returns how many.

    What goes while it is looked at, because its work ended or another process swept it, stops nothing.
    """
    oldest = time.time() - age_seconds
    swept = 0
    for one in folder.glob(pattern):
        try:
            if one.stat().st_mtime >= oldest:
                continue
        except OSError:
            continue
        if one.is_dir():
            shutil.rmtree(one, ignore_errors=True)
        else:
            one.unlink(missing_ok=True)
        swept += 1
    return swept
