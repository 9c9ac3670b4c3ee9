"""The bundle of a review at its page: who may ask for it, why, what they get, and that it is noted first."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import pyzipper
from driver.canary import CANARY
from driver.printed import words_in
from driver.visitor import Visitor

from tasks.record.installation import Installation
from tasks.record.reading import who_read
from tasks.store.readings import ReadingsWanted

PASSWORD = "four Plain words-26"
DISSENT, HERE = "CSPR-2026-005", "/reviews/CSPR-2026-005/bundle"


def noted(installation: Installation) -> list[tuple[str, str, str]]:
    """What is on record: who, by which proof, what."""
    found = [one.reading for one in who_read(installation.records, ReadingsWanted(DISSENT))[0]]
    return [(one.person, one.proof, one.what) for one in found]


def files_in(folder: Path) -> list[Path]:
    """Every file of a folder."""
    return [path for path in folder.rglob("*") if path.is_file()]


def test_it_is_made_by_a_press_noted_and_verified(alex: Visitor, installation: Installation, tmp_path: Path) -> None:
    """From the review's page to its own, a choice of why, a zip that verifies by itself; the sealed stays sealed."""
    assert f'href="{HERE}"' in alex.get(f"/reviews/{DISSENT}").text
    alex.get(HERE)
    assert "Sealed words stay sealed." in alex.words and [] == noted(installation)
    page = alex.post(HERE, reason="order of a court")
    assert ("application/zip", True) == (page.headers["content-type"], ".zip" in page.headers["content-disposition"])
    what = "the bundle for an inspection (order of a court), sealed words left sealed,"
    assert [("alex_example", "code", what)] == noted(installation)

    zipfile.ZipFile(io.BytesIO(page.content)).extractall(tmp_path / "out")
    folder = tmp_path / "out" / f"{DISSENT}-bundle"
    words = [sys.executable, "-I", "-S", "verify.py"]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    assert (0, True) == (done.returncode, "It holds." in done.stdout), done.stdout
    assert (
        "Alex Example (known by a code sent to their mailbox), for: order of a court"
        in (folder / "index.html").read_text()
    )
    assert "THIS IS A SIMULATION" in (folder / "index.html").read_text()
    there = [words_in(path.read_bytes()) if path.suffix == ".pdf" else path.read_text() for path in files_in(folder)]
    assert "already in hand" not in "".join(there)
    assert "No sealed words of this review were read yet." in " ".join(alex.get(f"/reviews/{DISSENT}").text.split())


@pytest.mark.parametrize("reason", ["", CANARY])
def test_without_a_reason_of_the_list_nothing_is_made(alex: Visitor, installation: Installation, reason: str) -> None:
    """The page says so, keeps nothing of what was sent, and nothing is noted."""
    alex.get(HERE)
    page = alex.post(HERE, reason=reason)
    assert (422, True, False) == (page.status_code, "Choose why the bundle is made" in alex.words, CANARY in page.text)
    assert [] == noted(installation)


def test_whoever_may_not_read_all_of_it_is_refused(
    visitor: Visitor, newest: Callable[[], str], installation: Installation
) -> None:
    """An agency's lead sees the review and no way to a bundle; asking for it all the same is refused in words."""
    visitor.sign_in("casey@police.example", newest)
    assert HERE not in visitor.get(f"/reviews/{DISSENT}").text and 200 == visitor.page.status_code
    assert 403 == visitor.get(HERE).status_code and "whoever may read the whole record" in visitor.words
    visitor.get(f"/reviews/{DISSENT}")
    assert 403 == visitor.post(HERE, reason="inspection").status_code
    assert [] == noted(installation)


def test_a_press_from_elsewhere_makes_nothing(alex: Visitor, installation: Installation) -> None:
    """Without the token of a page of ours."""
    alex.get(HERE)
    assert 403 == alex.post(HERE, token="of another", reason="inspection").status_code
    assert [] == noted(installation)


def test_a_password_closes_it(alex: Visitor, installation: Installation) -> None:
    """What is given opens with the password alone; that it was closed is noted, and the password is kept nowhere."""
    alex.get(HERE)
    page = alex.post(HERE, reason="order of a court", password=PASSWORD, again=PASSWORD)
    assert "application/zip" == page.headers["content-type"]
    with pyzipper.AESZipFile(io.BytesIO(page.content)) as locked:
        with pytest.raises(RuntimeError, match="password"):
            locked.read("bundle.zip")
        inside = io.BytesIO(locked.read("bundle.zip", PASSWORD.encode()))
    assert f"{DISSENT}-bundle/bundle.pdf" in zipfile.ZipFile(inside).namelist()
    ((_, _, what),) = noted(installation)
    assert "closed with a password" in what
    home = installation.settings.home
    assert [] == [path.name for path in files_in(home) if PASSWORD.encode() in path.read_bytes()]


@pytest.mark.parametrize(
    "sent, said",
    [
        ({"reason": "", "password": "Short", "again": "short"}, ("Choose why", "too short", "are not the same")),
        ({"reason": "", "password": PASSWORD, "again": PASSWORD}, ("Choose why", "Type the password again")),
        ({"reason": "inspection", "password": PASSWORD, "again": ""}, ("are not the same",)),
        ({"reason": "inspection", "password": "", "again": PASSWORD}, ("too short", "are not the same")),
        ({"reason": "inspection", "password": "a" * 100, "again": "a" * 100}, ("too long", "repeats the same signs")),
    ],
)
def test_what_is_wrong_with_it_is_said_at_once_and_not_given_back(
    alex: Visitor, installation: Installation, sent: dict[str, str], said: tuple[str, ...]
) -> None:
    """Each at its box and all of it above; nothing is made or noted, and no sign of the password is on the page."""
    alex.get(HERE)
    page = alex.post(HERE, **sent)
    assert 422 == page.status_code
    assert [2] * len(said) == [alex.words.count(one) for one in said], alex.words
    assert [] == [one for one in (sent["password"], sent["again"]) if one and f'value="{one}' in page.text]
    assert PASSWORD not in page.text and [] == noted(installation)
    chosen = sent["reason"]
    assert not chosen or f'<option value="{chosen}" selected>' in page.text
