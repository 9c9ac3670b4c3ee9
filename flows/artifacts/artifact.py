"""
What the unit reads in Prefect beside the cards: tables and pages, each one artifact that is kept and rewritten.

An artifact is rewritten only when it shows something else, so that a sweep every 15 minutes fills nothing. Links go to
it by its id where this process knows it: of its key alone Prefect's page shows a list with one line on it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.actions import ArtifactCreate
from prefect.client.schemas.filters import ArtifactCollectionFilter

from safeguarding.shown.escaped import escaped

AT_ONCE = 50
"""Artifacts asked for in one call."""

_ids: dict[str, str] = {}
"""The artifact of each key, once this process knows it."""


@dataclass(frozen=True, slots=True)
class Artifact:
    """What is shown under a key (small letters, digits and dashes): a table or a page, and the words above a table."""

    key: str
    kind: str
    data: str
    words: str | None = None


class LinkedCell(NamedTuple):
    """A cell that leads somewhere: its words, and an address that the program itself has made."""

    words: str
    address: str

    @property
    def markdown(self) -> str:
        """As Prefect's page reads it; the words alone where there is no address."""
        return f"[{escaped(self.words)}]({self.address})" if self.address else escaped(self.words)


def table(key: str, rows: Sequence[Mapping[str, Any]], words: str) -> Artifact:
    """
    A table: each row a mapping of column title to words, in the order in which they should be read.

    Prefect's page takes each cell for Markdown: what stands in one is shown as it is.
    """
    cells = [{name: _cell(cell) for name, cell in row.items()} for row in rows]
    return Artifact(key, "table", json.dumps(cells), words)


def _cell(cell: Any) -> Any:
    if isinstance(cell, LinkedCell):
        return cell.markdown
    return escaped(cell) if isinstance(cell, str) else cell


def page(key: str, markdown: str) -> Artifact:
    """A page of markdown."""
    return Artifact(key, "markdown", markdown)


def path(key: str) -> str:
    """Where an artifact is on Prefect's page."""
    return f"/artifacts/artifact/{_ids[key]}" if key in _ids else f"/artifacts/key/{key}"


def link(key: str, words: str) -> str:
    """A link to an artifact, for a description. Artifacts have no entry in the page's own menu."""
    return f"[{words}]({path(key)})"


async def find(client: PrefectClient, prefix: str) -> None:
    """Learn where the artifacts are whose key begins so, so that `link` leads straight to them."""
    wanted = ArtifactCollectionFilter.model_validate({"key": {"like_": prefix}})
    for offset in range(0, 100_000, AT_ONCE):
        found = await client.read_latest_artifacts(artifact_filter=wanted, limit=AT_ONCE, offset=offset)
        _remember(found)
        if len(found) < AT_ONCE:
            break


async def show(client: PrefectClient, wanted: Sequence[Artifact]) -> int:
    """Show these artifacts as they now are; how many had changed."""
    changed = 0
    for begin in range(0, len(wanted), AT_ONCE):
        some = wanted[begin : begin + AT_ONCE]
        ours = ArtifactCollectionFilter.model_validate({"key": {"any_": [one.key for one in some]}})
        shown = _remember(await client.read_latest_artifacts(artifact_filter=ours, limit=AT_ONCE))
        for one in some:
            changed += await _show(client, one, shown.get(one.key))
    return changed


def _remember(found: Sequence[Any]) -> dict[str, Any]:
    shown = {str(artifact.key): artifact for artifact in found if artifact.latest_id is not None}
    _ids.update((key, str(artifact.latest_id)) for key, artifact in shown.items())
    return shown


async def _show(client: PrefectClient, wanted: Artifact, latest: Any) -> bool:
    if latest is None:
        create = ArtifactCreate(key=wanted.key, type=wanted.kind, data=wanted.data, description=wanted.words)
        _ids[wanted.key] = str((await client.create_artifact(create)).id)
        return True
    if (latest.data, latest.description) == (wanted.data, wanted.words):
        return False
    # Not client.update_artifact: it copies the whole of it into an event each time.
    change = {"data": wanted.data, "description": wanted.words}
    await client.request("PATCH", "/artifacts/{id}", path_params={"id": latest.latest_id}, json=change)
    return True
