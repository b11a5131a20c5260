"""A tiny library, made once by the product itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.product.running import COLLECTION, DOCUMENTS, yinshu


@pytest.fixture(scope="session")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two short rules."""
    folder = tmp_path_factory.mktemp("documents")
    for name, text in DOCUMENTS.items():
        (folder / name).write_text(text, "utf-8")
    return folder


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory, documents: Path) -> Path:
    """A data folder whose collection holds the two rules, vectors complete."""
    home = tmp_path_factory.mktemp("home")
    made = yinshu(home, "init", "--json")
    assert made.code == 0, made.err
    filled = yinshu(
        home, "knowledge", "ingest", str(documents), "--collection", COLLECTION, "--published", "--wait", "--json"
    )
    assert filled.code == 0, filled.err
    assert filled.json["new"] == len(DOCUMENTS)
    assert filled.json["vectors"]["done"] == filled.json["vectors"]["total"] > 0
    return home
