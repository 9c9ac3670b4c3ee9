"""
Pages of a review in Prefect beside its card: one markdown artifact for each, rewritten only when it shows other words.

A card links to them by their id where this process knows it: the page of a key alone is a list with one line on it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.actions import ArtifactCreate
from prefect.client.schemas.filters import ArtifactCollectionFilter

AT_ONCE = 50
"""Artifacts asked for in one call."""

_ids: dict[str, str] = {}
"""The artifact of each key, once this process knows it."""


def link(key: str, words: str) -> str:
    """A link to a page, for the description of a card."""
    where = f"artifact/{_ids[key]}" if key in _ids else f"key/{key}"
    return f"[{words}](/artifacts/{where})"


async def find(client: PrefectClient, prefix: str) -> None:
    """Learn where the pages are whose key begins so, so that `link` leads straight to them."""
    wanted = ArtifactCollectionFilter.model_validate({"key": {"like_": prefix}})
    for offset in range(0, 100_000, AT_ONCE):
        found = await client.read_latest_artifacts(artifact_filter=wanted, limit=AT_ONCE, offset=offset)
        _remember(found)
        if len(found) < AT_ONCE:
            break


async def publish(client: PrefectClient, wanted: Mapping[str, str]) -> int:
    """Show this markdown under these keys (small letters, digits and dashes); how many pages had changed."""
    keys, changed = sorted(wanted), 0
    for begin in range(0, len(keys), AT_ONCE):
        some = keys[begin : begin + AT_ONCE]
        shown = await _shown(client, some)
        for key in some:
            changed += await _show(client, key, wanted[key], shown.get(key))
    return changed


async def _shown(client: PrefectClient, keys: Sequence[str]) -> dict[str, Any]:
    wanted = ArtifactCollectionFilter.model_validate({"key": {"any_": list(keys)}})
    return _remember(await client.read_latest_artifacts(artifact_filter=wanted, limit=AT_ONCE))


def _remember(found: Sequence[Any]) -> dict[str, Any]:
    shown = {str(artifact.key): artifact for artifact in found if artifact.latest_id is not None}
    _ids.update((key, str(artifact.latest_id)) for key, artifact in shown.items())
    return shown


async def _show(client: PrefectClient, key: str, markdown: str, latest: Any) -> bool:
    if latest is None:
        made = await client.create_artifact(ArtifactCreate(key=key, type="markdown", data=markdown))
        _ids[key] = str(made.id)
        return True
    if latest.data == markdown:
        return False
    # Not client.update_artifact: it copies the whole page into an event each time.
    path = {"id": latest.latest_id}
    await client.request("PATCH", "/artifacts/{id}", path_params=path, json={"data": markdown})
    return True
