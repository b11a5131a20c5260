"""What runs here: the version, the parts it is made of with their licences, and every setting."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib import metadata

from fastapi import APIRouter

from yinshu.api.auth import Caller, Wired
from yinshu.api.render import JsonObject
from yinshu.kernel.identity import Resource, require

router = APIRouter(prefix="/api", tags=["about"])
SBOM_URL = "/api/about/sbom.json"
LICENCE_CHARS_MAX = 60
_NAME = re.compile(r"[A-Za-z0-9._-]+")


@router.get("/settings")
def list_settings(platform: Wired, caller: Caller) -> JsonObject:
    """Every setting with its value, where that comes from and what it is for; never a secret."""
    require(caller, "read", Resource("platform"))
    return {"items": platform.list_settings(), "next": None}


@router.get("/about")
def about(platform: Wired, caller: Caller) -> JsonObject:
    """The version and the licences of everything that is installed to run."""
    require(caller, "read", Resource("directory"))
    return {"version": platform.version, "licences": list(_parts()), "sbom_url": SBOM_URL}


@router.get("/about/sbom.json")
def sbom(platform: Wired, caller: Caller) -> JsonObject:
    """The same as a bill of materials (CycloneDX 1.5)."""
    require(caller, "read", Resource("directory"))
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "yinshu", "version": platform.version}},
        "components": [
            {
                "type": "library",
                "name": one["name"],
                "version": one["version"],
                "purl": f"pkg:pypi/{one['name'].lower()}@{one['version']}",
                "licenses": [{"license": {"name": one["licence"] or "unknown"}}],
            }
            for one in _parts()
        ],
    }


@cache
def _parts() -> tuple[dict[str, str], ...]:
    """Every installed distribution that ours needs, directly or through others, by name."""
    return tuple(sorted(_needed("yinshu"), key=lambda one: one["name"].lower()))


def _needed(root: str) -> Iterator[dict[str, str]]:
    waiting, seen = [root], set[str]()
    while waiting:
        name = waiting.pop()
        key = name.lower().replace("_", "-").replace(".", "-")
        if key in seen:
            continue
        seen.add(key)
        try:
            found = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            # A requirement for another system or an extra that is not installed.
            continue
        waiting += [_name_of(line) for line in found.requires or [] if "extra ==" not in line]
        if key != root:
            yield {"name": found.metadata["Name"], "version": found.version, "licence": _licence(found)}


def _name_of(requirement: str) -> str:
    named = _NAME.match(requirement)
    return named[0] if named else ""


def _licence(found: metadata.Distribution) -> str:
    stated = found.metadata.json
    classified = [one.split("::")[-1].strip() for one in stated.get("classifier", []) if one.startswith("License ::")]
    first_line = str(stated.get("license", "")).strip().split("\n", maxsplit=1)[0]
    return (str(stated.get("license_expression", "")) or "; ".join(classified) or first_line)[:LICENCE_CHARS_MAX]
