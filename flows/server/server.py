"""
Prefect's server as this system needs it: `python -m flows.server.server --home DIR --port 4200`.

It is Prefect's own server with six adjustments, each of which falls away by itself where Prefect changes: no
"database is locked" under SQLite, erased rows really erased, errors shown under the field they are about, forms tried
against the record before they are sent, a wider dialog, and no second page (which calls an analytics host).
"""

from __future__ import annotations

import argparse
import logging
import os
import re
import shutil
import signal
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from importlib import resources
from pathlib import Path
from typing import Any

from flows.server import prefect_settings
from flows.server.mend_text import WholeText

log = logging.getLogger("safeguarding.server")

CHECKPOINT_EVERY = 20.0
"""Seconds. How long an erased answer may linger in SQLite's write-ahead log."""

STYLE = resources.files("flows.server").joinpath("page.css").read_text()
"""What is laid over the style of Prefect's page."""


def adjust(home: Path, with_record: bool = False) -> None:
    """Make every adjustment to Prefect in this process; `with_record`, that which needs our record too."""
    adjustments: list[Callable[[], None]] = [_sqlite, _errors_by_field, lambda: _page(home)]
    if with_record:
        adjustments.append(_rehearsed)
    for adjustment in adjustments:
        try:
            adjustment()
        except (AttributeError, ImportError, OSError) as missing:
            log.warning("an adjustment of Prefect's server does not fit this version of Prefect: %s", missing)


def _sqlite() -> None:
    """
    Begin every writing transaction IMMEDIATE, and overwrite what is deleted.

    Prefect begins DEFERRED and reads before it writes: under WAL, a writer in between fails it at once with "database
    is locked", which no busy timeout covers (one Resume in fourteen). IMMEDIATE waits its turn instead.
    """
    from prefect.server.database import configurations

    sqlite = configurations.AioSqliteConfiguration
    set_up, begin = sqlite.setup_sqlite, sqlite.begin_transaction

    def setup_sqlite(self: Any, connection: Any, record: Any) -> None:
        set_up(self, connection, record)
        cursor = connection.cursor()
        cursor.execute("PRAGMA secure_delete = ON")
        cursor.close()

    @asynccontextmanager
    async def begin_transaction(self: Any, session: Any, with_for_update: bool = False) -> Any:
        async with begin(self, session, with_for_update=True) as transaction:
            yield transaction

    sqlite.setup_sqlite = setup_sqlite  # type: ignore[method-assign,assignment]
    sqlite.begin_transaction = begin_transaction  # type: ignore[method-assign]


def _errors_by_field() -> None:
    """Say what is wrong under the field it is about, in words, and never repeat what was typed."""
    from prefect.server.api.ui import schemas
    from prefect.utilities import schema_tools

    whole = schema_tools.validate

    def validate(obj: Any, schema: Any, raise_on_error: bool = False, **options: Any) -> list[Any]:
        errors = [plain for error in whole(obj, schema, **options) for plain in _in_words(error)]
        if raise_on_error and errors:
            raise schema_tools.ValidationError(" ".join(dict.fromkeys(_reworded(error.message) for error in errors)))
        return errors

    whole_object = schemas.build_error_obj  # type: ignore[attr-defined]

    def build_error_obj(errors: list[Any]) -> Any:
        return _reworded(whole_object(errors))

    schemas.validate = validate  # type: ignore[attr-defined,assignment]
    schemas.build_error_obj = build_error_obj  # type: ignore[attr-defined]
    schema_tools.validate = validate  # type: ignore[assignment]


def _rehearsed() -> None:
    """Once a form has every answer, ask the record whether it would take them, while the dialog is still open."""
    from jsonschema import ValidationError
    from prefect.server.api.ui import schemas

    from flows.server import before_submit

    whole = schemas.validate  # type: ignore[attr-defined]

    def validate(obj: Any, schema: Any, *given: Any, **options: Any) -> list[Any]:
        errors: list[Any] = whole(obj, schema, *given, **options)
        if errors:
            return errors
        refused = before_submit.refusal(schema, obj)
        return [ValidationError(refused.words, validator="refused", path=[refused.question])] if refused else []

    schemas.validate = validate  # type: ignore[attr-defined]


def _reworded(found: Any) -> Any:
    """Prefect's «'decide__v12__outcome' is a required property», wherever it stands, as words for a manager."""
    if isinstance(found, Mapping):
        return {key: _reworded(value) for key, value in found.items()}
    if isinstance(found, list):
        return [_reworded(value) for value in found]
    if isinstance(found, str) and REQUIRED.fullmatch(found):
        return NEEDED
    return found


REQUIRED = re.compile(r"'\w+' is a required property")
NEEDED = "An answer is needed here."
CHANGED = "The review has moved on since this form was opened: copy what you typed, close this and press Resume again."


def _in_words(error: Any) -> Iterator[Any]:
    """The errors of the one option that was filled in, where Prefect says only that no option fits."""
    if error.validator != "anyOf" or not isinstance(error.instance, Mapping):
        yield _plain(error)
        return
    options: dict[int, list[Any]] = {}
    for inner in error.context:
        options.setdefault(inner.relative_schema_path[0], []).append(inner)
    tried = [(sum(_unanswered(inner) for inner in found), found) for found in options.values()]
    given = {name.rpartition("__")[0] for name in error.instance}
    for _, found in sorted(tried, key=lambda pair: pair[0]):
        named = [str(inner.message).partition("'")[2].rpartition("__")[0] for inner in found if _unanswered(inner)]
        if not named or given & set(named):
            for inner in found:
                inner.relative_path.extendleft(reversed(error.relative_path))
                yield from _in_words(inner)
            return
    error.message = CHANGED if error.instance else NEEDED
    yield error


def _unanswered(error: Any) -> bool:
    return bool(error.validator == "required")


def _plain(error: Any) -> Any:
    """Prefect finds the field of a missing answer in the message's first word, so that word stays first."""
    if not _unanswered(error):
        error.message = "This answer does not fit."
    return error


def _page(home: Path) -> None:
    """Serve our copy of Prefect's first page, with the style sheet at the end of its own; and no second page."""
    import prefect

    source = Path(str(prefect.__ui_static_path__))
    marked = f"{prefect.__version__}\n{STYLE}"
    copy, marker = home / "ui-source", home / "ui-source.version"
    if not copy.is_dir() or not marker.is_file() or marker.read_text() != marked:
        for stale in (copy, home / "ui"):
            shutil.rmtree(stale, ignore_errors=True)
        shutil.copytree(source, copy)
        for sheet in (copy / "assets").glob("index-*.css"):
            sheet.write_text(sheet.read_text() + STYLE)
        marker.write_text(marked)
    prefect.__ui_static_path__ = copy
    prefect.__ui_v2_static_path__ = home / "no-second-page"


def _checkpoints(url: str) -> Callable[[], None]:
    """Keep folding SQLite's write-ahead log away: until then it still holds pages with what was erased."""
    stop = threading.Event()
    file = url.partition("///")[2].partition("?")[0]

    def fold() -> None:
        while not stop.wait(CHECKPOINT_EVERY):
            try:
                connection = sqlite3.connect(f"file:{file}?mode=rw", uri=True, timeout=1.0)
                try:
                    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
                finally:
                    connection.close()
            except sqlite3.Error as busy:
                log.debug("checkpoint put off: %s", busy)

    if url.startswith("sqlite") and ":memory:" not in url:
        threading.Thread(target=fold, name="checkpoints", daemon=True).start()
    return stop.set


def _stop_with_parent() -> None:
    """Standard input ends when the process that holds its other end does, however that came about."""
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


def main(arguments: list[str] | None = None) -> int:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True, help="where Prefect keeps its files")
    parser.add_argument("--port", type=int, default=4200)
    parser.add_argument("--no-services", action="store_true", help="a replica: the API only")
    parser.add_argument("--with-record", action="store_true", help="try forms against the record of this environment")
    parser.add_argument("--while-stdin-is-open", action="store_true", help="stop when the starting process is gone")
    asked = parser.parse_args(arguments)
    if asked.while_stdin_is_open:
        threading.Thread(target=_stop_with_parent, name="parent", daemon=True).start()
    prefect_settings.prepare(asked.home, asked.port)
    adjust(asked.home, asked.with_record)

    import uvicorn
    from prefect.server.api.server import create_app
    from prefect.settings import get_current_settings

    current = get_current_settings()
    url = current.server.database.connection_url
    stop = _checkpoints(url.get_secret_value() if url is not None else f"sqlite+aiosqlite:///{asked.home}/prefect.db")
    try:
        uvicorn.run(
            WholeText(create_app(final=True, webserver_only=asked.no_services)),
            host=current.server.api.host,
            port=asked.port,
            log_level="warning",
            timeout_keep_alive=current.server.api.keepalive_timeout,
        )
    finally:
        stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
