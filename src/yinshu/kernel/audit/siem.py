"""Entries in the words of a security information system: OCSF as JSON lines, or CEF for syslog."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal

from yinshu.kernel.audit.chain import canonical
from yinshu.kernel.audit.records import Json, LedgerEntry

SiemFormat = Literal["ocsf", "cef"]
OCSF_VERSION = "1.3.0"
PRODUCT = "Yinshu"
_CLASSES: tuple[tuple[str, tuple[int, int, str]], ...] = (
    ("session.", (3, 3002, "Authentication")),
    ("identity.", (3, 3001, "Account Change")),
    ("people.", (3, 3001, "Account Change")),
    ("grant", (3, 3005, "User Access Management")),
    ("guard.", (2, 2004, "Detection Finding")),
)
_OTHERWISE = (6, 6003, "API Activity")
"""**Source**: OCSF schema 1.3, classes 2004, 3001, 3002, 3005, 6003."""
_VERBS = (("create", 1), ("add", 1), ("read", 2), ("search", 2), ("update", 3), ("change", 3), ("delete", 4))
_OTHER_ACTIVITY = 99
_FAILURES = ("refused", "denied", "failed", "blocked")


def ocsf(entry: LedgerEntry) -> dict[str, Json]:
    """One OCSF event; what OCSF has no name for is under `unmapped`."""
    category, class_uid, class_name = _class_of(entry.action)
    payload = dict(entry.payload)
    source = payload.pop("src_endpoint", {})
    activity = next((number for verb, number in _VERBS if verb in entry.action), _OTHER_ACTIVITY)
    failed = any(word in entry.action for word in _FAILURES)
    return {
        "category_uid": category,
        "class_uid": class_uid,
        "class_name": class_name,
        "activity_id": activity,
        "type_uid": class_uid * 100 + activity,
        "severity_id": 3 if failed else 1,
        "status_id": 2 if failed else 1,
        "time": int(entry.at.timestamp() * 1000),
        "metadata": {
            "version": OCSF_VERSION,
            "product": {"name": PRODUCT, "vendor_name": PRODUCT},
            "uid": entry.hash,
            "sequence": entry.seq,
        },
        "actor": {"user": {"uid": entry.actor}},
        "src_endpoint": source,
        "api": {"operation": entry.action},
        "resources": [{"uid": entry.subject}],
        "unmapped": payload,
    }


def _class_of(action: str) -> tuple[int, int, str]:
    return next((found for start, found in _CLASSES if action.startswith(start)), _OTHERWISE)


def ocsf_line(entry: LedgerEntry) -> str:
    """An OCSF event on one line."""
    return canonical(ocsf(entry))


_CEF_HEADER = re.compile(r"([\\|])")
_CEF_VALUE = re.compile(r"([\\=])")


def cef_line(entry: LedgerEntry) -> str:
    """A CEF line (ArcSight Common Event Format, version 0) as it is sent over syslog."""
    source = entry.payload.get("src_endpoint")
    ip = source.get("ip", "") if isinstance(source, dict) else ""
    severity = 5 if any(word in entry.action for word in _FAILURES) else 2
    action = _CEF_HEADER.sub(r"\\\1", entry.action)
    values = {
        "rt": str(int(entry.at.timestamp() * 1000)),
        "suser": entry.actor,
        "src": str(ip),
        "externalId": str(entry.seq),
        "fileHash": entry.hash,
        "cs1Label": "target",
        "cs1": entry.subject,
        "msg": canonical(entry.payload),
    }
    written = " ".join(f"{name}={_CEF_VALUE.sub(_escape, value)}" for name, value in values.items() if value)
    return f"CEF:0|{PRODUCT}|{PRODUCT}|1|{action}|{action}|{severity}|{written}".replace("\n", "\\n")


def _escape(match: re.Match[str]) -> str:
    return "\\" + match[1]


LINES: dict[SiemFormat, Callable[[LedgerEntry], str]] = {"ocsf": ocsf_line, "cef": cef_line}
