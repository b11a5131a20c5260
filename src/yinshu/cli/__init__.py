"""The command line: thin, in Chinese, one JSON object on stdout with --json, exit codes from the error tree."""

from __future__ import annotations

from yinshu.cli.root import main

__all__ = ["main"]
