"""Backing up the data folder with its database while people work, and restoring both."""

from __future__ import annotations

import importlib.metadata
import secrets
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yinshu.adapters.backups import archive
from yinshu.adapters.backups.archive import DATABASE, HOME, Manifest
from yinshu.kernel.audit.records import Act, Json
from yinshu.kernel.base.database import check_connection, open_engine, reading, writing
from yinshu.kernel.base.errors import BadArgument, BadInput
from yinshu.kernel.base.lock import LOCK_NAME, SOCKET_NAME, make_home, own_folder
from yinshu.kernel.base.migrate import current_revision, is_known, upgrade_within

if TYPE_CHECKING:
    from yinshu.kernel.audit.office import AuditOffice
    from yinshu.kernel.base.clock import Clock
    from yinshu.kernel.base.database import Engine
    from yinshu.settings import Settings

REPLACED = "replaced-"
LEFT_OUT = ("yinshu.sqlite", "yinshu.sqlite-wal", "yinshu.sqlite-shm", LOCK_NAME, SOCKET_NAME, "models")
"""The database is copied by itself; weights of models can be fetched again."""


class Backups:
    """Backs up the running platform."""

    def __init__(self, settings: Settings, engine: Engine, clock: Clock, ledger: AuditOffice) -> None:
        self._settings = settings
        self._engine = engine
        self._clock = clock
        self._ledger = ledger

    def back_up(self, target: Path, actor: str) -> dict[str, Any]:
        """Write a backup, record it in the ledger, and say what it holds.

        The database is copied first: an original is kept before the database speaks of it, so none is missing.
        Raises BadArgument when the file exists or cannot be written.
        """
        settings = self._settings
        with reading(self._engine) as connection:
            revision = current_revision(connection)
        manifest = Manifest(
            version=importlib.metadata.version("yinshu"),
            database="sqlite" if settings.uses_sqlite else "postgresql",
            revision=revision,
            made_at=self._clock.now().isoformat(),
        )
        originals = 0
        with archive.writing_archive(target, manifest) as (out, written):
            with tempfile.TemporaryDirectory(prefix=".yinshu-backup-", dir=target.parent) as folder:
                for path in self._copy_database(Path(folder)):
                    out.add(f"{DATABASE}/{path.name}", path)
            for path in _kept_files(settings.home):
                try:
                    out.add(f"{HOME}/{path.relative_to(settings.home).as_posix()}", path)
                except FileNotFoundError:
                    continue
                originals += path.parent.parent.name == "originals"
        detail: dict[str, Json] = {
            "sha256": written.sha256,
            "bytes": written.bytes,
            "files": len(out.files),
            "revision": revision,
        }
        self._ledger.record(Act(actor, "platform.backed_up", target.name, detail=detail))
        return {"file": str(target), **detail, "originals": originals, "database": manifest.database}

    def _copy_database(self, folder: Path) -> list[Path]:
        if self._settings.uses_sqlite:
            from yinshu.adapters.backups.sqlite_copy import FILE, copy_database

            copy_database(_sqlite_file(self._settings), folder / FILE)
            return [folder / FILE]
        from yinshu.adapters.backups.postgres_copy import write_tables

        with reading(self._engine) as connection:
            return write_tables(connection, folder)


def restore_recorded(settings: Settings, source: Path, *, force: bool) -> dict[str, Any]:
    """Restore, bring the database up to this release, and record it in the restored ledger. Raises like `restore`."""
    from yinshu.app.run import open_application

    result = restore(settings, source, force=force)
    with open_application(settings) as application:
        platform = application.platform
        detail = {"made_at": result["made_at"], "version": result["version"], "files": result["files"]}
        platform.ledger.record(Act(platform.operator.id, "platform.restored", source.name, detail=detail))
    return result


def restore(settings: Settings, source: Path, *, force: bool) -> dict[str, Any]:
    """Put a backup in the place of the data folder and its database.

    Every sum is checked before anything is touched. With `force`, what the folder holds is moved aside inside it and
    what a PostgreSQL database holds is dropped. Raises BadInput for a damaged, newer or other kind of backup,
    BadArgument when something is there already, FolderInUse when a process owns the folder.
    """
    manifest = archive.check_archive(source)
    if not is_known(manifest.revision):
        raise BadInput(f"备份由更新版本的银枢（{manifest.version}）建立，本版本不能恢复。请升级程序后重试。")
    kind = "sqlite" if settings.uses_sqlite else "postgresql"
    if manifest.database != kind:
        raise BadInput(
            f"这份备份来自 {manifest.database}，而现在设置的数据库是 {kind}。请改 YINSHU_DATABASE_URL 后重试。"
        )
    make_home(settings.home)
    with own_folder(settings.home):
        held = [path for path in settings.home.iterdir() if path.name != LOCK_NAME]
        if [path for path in held if not path.name.startswith(REPLACED)] and not force:
            raise BadArgument(f"数据文件夹 {settings.home} 已有内容，没有恢复。确认要取代它，请加 --force。")
        staged = settings.home / f"{REPLACED}staged-{secrets.token_hex(4)}"
        staged.mkdir(mode=0o700)
        try:
            archive.extract(source, staged)
            load = _check_database(settings, manifest, force=force)
            replaced = _move_aside(settings.home, held)
            load(staged / DATABASE)
            for path in (staged / HOME).iterdir():
                path.rename(settings.home / path.name)
        finally:
            shutil.rmtree(staged, ignore_errors=True)
    return {
        "file": str(source),
        "home": str(settings.home),
        "made_at": manifest.made_at,
        "version": manifest.version,
        "files": len(manifest.files),
        "replaced": str(replaced) if replaced else "",
    }


def _check_database(settings: Settings, manifest: Manifest, *, force: bool) -> Callable[[Path], None]:
    """What loads the database, once it is sure that it may."""
    if settings.uses_sqlite:
        from yinshu.adapters.backups.sqlite_copy import FILE

        def take(folder: Path) -> None:
            (folder / FILE).replace(_sqlite_file(settings))

        return take
    from yinshu.adapters.backups import postgres_copy
    from yinshu.adapters.indexes.postgres_index import PostgresIndex

    engine = open_engine(settings.resolved_database_url)
    check_connection(engine)
    with reading(engine) as connection:
        filled = postgres_copy.has_tables(connection)
    if filled and not force:
        engine.dispose()
        raise BadArgument("数据库里已有内容，没有恢复。确认要取代它，请加 --force；或另建一个空的数据库。")

    def load(folder: Path) -> None:
        with writing(engine) as connection:
            postgres_copy.drop_tables(connection)
            upgrade_within(connection, [PostgresIndex().create], manifest.revision)
            postgres_copy.read_tables(connection, folder)
        engine.dispose()

    return load


def _move_aside(home: Path, held: list[Path]) -> Path | None:
    """Move what a folder holds into a folder of its own inside it."""
    moved = [path for path in held if not path.name.startswith(REPLACED)]
    if not moved:
        return None
    aside = home / f"{REPLACED}{secrets.token_hex(4)}"
    aside.mkdir(mode=0o700)
    for path in moved:
        path.rename(aside / path.name)
    return aside


def _kept_files(home: Path) -> list[Path]:
    """The files of the data folder that a backup holds, smallest folders first; half-written ones are left out."""
    kept: list[Path] = []
    for top in sorted(home.iterdir()):
        if top.name in LEFT_OUT or top.name.startswith((REPLACED, ".")) or top.suffix == ".log":
            continue
        found = sorted(top.rglob("*")) if top.is_dir() else [top]
        kept.extend(path for path in found if path.is_file() and not path.is_symlink() and path.name[0] != ".")
    return kept


def _sqlite_file(settings: Settings) -> Path:
    return Path(settings.resolved_database_url.removeprefix("sqlite:///"))
