"""What the docs say is checked: settings, commands, routes, operations and third parties appear in them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer.main

from yinshu.cli.root import app
from yinshu.settings import Settings, setting_names

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
REFUSED_LICENCE = re.compile(r"(?<!L)GPL|GNU General|Affero|SSPL|Business Source", re.IGNORECASE)


def command_paths(command: typer.main.TyperGroup | object, path: str = "yinshu") -> Iterator[str]:
    """Every leaf command as it is typed."""
    subcommands = getattr(command, "commands", None)
    if not subcommands:
        yield path
        return
    for name, subcommand in subcommands.items():
        yield from command_paths(subcommand, f"{path} {name}")


def lock_names() -> set[str]:
    """The names of everything that is installed to run, from the lock file."""
    packages = {package["name"]: package for package in tomllib.loads((ROOT / "uv.lock").read_text())["package"]}
    waiting = [dependency["name"] for dependency in packages["yinshu"]["dependencies"]]
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += [dependency["name"] for dependency in packages[name].get("dependencies", [])]
    return found


@pytest.mark.parametrize("name", setting_names())
def test_every_setting_is_documented_with_its_description_and_default(name: str) -> None:
    row = next((line for line in (DOCS / "settings.md").read_text().splitlines() if f"`{name}`" in line), "")
    field = Settings.model_fields[name.removeprefix("YINSHU_").lower()]
    assert field.description
    assert field.description in row
    assert field.default in (None, "") or f"`{field.default}`" in row


def test_no_setting_is_documented_that_does_not_exist() -> None:
    documented = set(re.findall(r"^\| `(YINSHU_\w+)`", (DOCS / "settings.md").read_text(), re.MULTILINE))
    assert documented == set(setting_names())


@pytest.mark.parametrize("path", list(command_paths(typer.main.get_command(app))))
def test_every_command_is_documented(path: str) -> None:
    assert re.search(rf"`{re.escape(path)}[ `]", (DOCS / "commands.md").read_text()), f"{path} is not in commands.md"


def test_every_option_of_every_command_has_a_help_text() -> None:
    silent = [
        f"{path} {parameter.name}"
        for path, command in _commands(typer.main.get_command(app))
        for parameter in command.params  # type: ignore[attr-defined]
        if parameter.name != "help" and not parameter.help
    ]
    assert silent == []


def _commands(command: object, path: str = "yinshu") -> Iterator[tuple[str, object]]:
    yield path, command
    for name, subcommand in (getattr(command, "commands", None) or {}).items():
        yield from _commands(subcommand, f"{path} {name}")


def test_no_command_is_documented_that_does_not_exist() -> None:
    text = (DOCS / "commands.md").read_text()
    documented = {match.strip() for match in re.findall(r"^\| `(yinshu[a-z -]*[a-z])", text, re.MULTILINE)}
    real = set(command_paths(typer.main.get_command(app)))
    assert {next((path for path in real if line.startswith(path)), line) for line in documented} <= real


def test_every_third_party_is_listed_with_an_acceptable_licence() -> None:
    rows = dict(re.findall(r"^\| ([a-z0-9-]+) \| (.+) \|$", (DOCS / "third-party.md").read_text(), re.MULTILINE))
    assert sorted(lock_names() - set(rows)) == []
    assert {name: licence for name, licence in rows.items() if REFUSED_LICENCE.search(licence)} == {}


def test_every_page_that_is_linked_exists() -> None:
    broken = [
        f"{page.name} -> {target}"
        for page in [*ROOT.glob("*.md"), *DOCS.rglob("*.md")]
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text())
        if "://" not in target and not (page.parent / target).exists()
    ]
    assert broken == []
