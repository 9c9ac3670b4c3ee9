"""The settings, from the environment and nowhere else; the secrets, from it too or from files."""

import logging
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.settings import SecretUnreadable, Settings, TwoFolders, secret
from safeguarding.errors import NoticeUndeliverable
from tasks.record.delivering import OwnPost


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An environment in which nothing of ours is set."""
    for name in [name for name in os.environ if name.startswith("SAFEGUARDING_")]:
        monkeypatch.delenv(name)
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.mark.skipif("sys.platform != 'linux'")
def test_the_record_is_in_the_users_own_folder_unless_told_otherwise(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """SQLite in the per-user data folder; a relative XDG folder is ignored, as its specification says."""
    assert tmp_path / "data" / "safeguarding" == Settings().home
    assert f"sqlite:///{tmp_path / 'data' / 'safeguarding' / 'record.sqlite3'}" == Settings().record_url
    monkeypatch.setenv("XDG_DATA_HOME", "here")
    assert Path.home() / ".local" / "share" / "safeguarding" == Settings().home


def test_the_environment_decides(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """SAFEGUARDING_HOME moves the record; SAFEGUARDING_DATABASE_URL puts it into PostgreSQL."""
    monkeypatch.setenv("SAFEGUARDING_HOME", str(tmp_path))
    assert f"sqlite:///{tmp_path}/record.sqlite3" == Settings().record_url
    monkeypatch.setenv("SAFEGUARDING_DATABASE_URL", "postgresql+psycopg://127.0.0.1/record")
    monkeypatch.setenv("SAFEGUARDING_CONFIG", str(tmp_path / "mine"))
    monkeypatch.setenv("SAFEGUARDING_PREFECT_PORT", "4321")
    settings = Settings()
    assert "postgresql+psycopg://127.0.0.1/record" == settings.record_url
    assert tmp_path / "mine" == settings.partnership
    assert "http://127.0.0.1:4321" == settings.prefect_url


def test_the_folder_under_the_name_it_had_before(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """
    An installation that sets SAFEGUARDING_PARTNERSHIP goes on; set under both names it is the same folder or refused,
    and what is started from here hears it under the one name.
    """
    mine, other = str(tmp_path / "mine"), str(tmp_path / "other")
    monkeypatch.setenv("SAFEGUARDING_PARTNERSHIP", mine)
    assert tmp_path / "mine" == Settings().partnership
    monkeypatch.setenv("SAFEGUARDING_CONFIG", f"{mine}/")
    assert tmp_path / "mine" == Settings().partnership
    monkeypatch.setenv("SAFEGUARDING_CONFIG", other)
    with pytest.raises(TwoFolders, match=rf"CONFIG names {other}, and SAFEGUARDING_PARTNERSHIP.*names {mine}\. Keep"):
        Settings()
    monkeypatch.delenv("SAFEGUARDING_PARTNERSHIP")
    passed = Settings().as_environment()
    assert (other, "") == (passed["SAFEGUARDING_CONFIG"], passed["SAFEGUARDING_PARTNERSHIP"])
    ours = Settings().of_demo().as_environment()
    assert ("", "") == (ours["SAFEGUARDING_CONFIG"], ours["SAFEGUARDING_PARTNERSHIP"])


def test_an_empty_setting_is_none_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty line of an environment file does not become an empty database address."""
    monkeypatch.setenv("SAFEGUARDING_DATABASE_URL", "")
    assert Settings().database_url is None


def test_the_public_address_of_the_cards(monkeypatch: pytest.MonkeyPatch) -> None:
    """Links in notices begin with the address that managers use."""
    monkeypatch.setenv("SAFEGUARDING_PREFECT_ADDRESS", "https://reviews.exampleshire.example/")
    assert "https://reviews.exampleshire.example" == Settings().prefect_url


def test_a_secret_is_found_by_the_name_a_file_gives_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The partnership's file says «hospital»; the environment holds SAFEGUARDING_SECRET_HOSPITAL."""
    monkeypatch.setenv("SAFEGUARDING_SECRET_HOSPITAL", "https://teams.example/hook")
    monkeypatch.setenv("SAFEGUARDING_SECRET_MAIL_URL", "mailtos://example")
    monkeypatch.setenv("SAFEGUARDING_SECRET_EMPTY", "")
    assert "https://teams.example/hook" == secret("hospital")
    assert "mailtos://example" == Settings().mail_url
    assert (None, None) == (secret("nobody"), secret("empty"))


# --------------------------------------------------------------------------- secrets in files

HIDDEN = "mailtos://unit:Nest-Lane@mail.example.org"


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of secrets that anybody may open: what may not be read is said by its files."""
    with tempfile.TemporaryDirectory() as made:
        Path(made).chmod(0o755)
        monkeypatch.setenv("SAFEGUARDING_SECRETS_FOLDER", made)
        yield Path(made)


@pytest.mark.parametrize("file", ["hospital_trust", "HOSPITAL_TRUST", "hospital-trust"])
def test_a_secret_is_the_file_of_its_name(folder: Path, file: str) -> None:
    """As a container is given it, in either case; an editor puts an end of line after it, which is no part of it."""
    (folder / file).write_text(f"{HIDDEN}\n")
    (folder / "hospital").write_text("of somebody else")
    assert HIDDEN == secret("hospital-trust")
    assert secret("hospital_trusts") is None


def test_the_mail_server_and_the_master_key_may_be_files_too(folder: Path) -> None:
    """They are secrets like any other, the mail server under the name that the settings give it."""
    (folder / "mail_url").write_text(f"{HIDDEN}\n")
    (folder / "MASTER_KEY").write_text("key\r\n")
    assert (HIDDEN, HIDDEN, "key") == (Settings().mail_url, OwnPost(Settings()).mail_url, secret("MASTER_KEY"))


def test_the_environment_goes_before_the_files(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is set by hand counts; an empty line of an environment file is nothing set, and an empty file neither."""
    (folder / "hospital").write_text("from the file")
    monkeypatch.setenv("SAFEGUARDING_SECRET_HOSPITAL", "by hand")
    assert "by hand" == secret("hospital")
    monkeypatch.setenv("SAFEGUARDING_SECRET_HOSPITAL", "")
    assert "from the file" == secret("hospital")
    (folder / "hospital").write_text("\n")
    assert secret("hospital") is None


def test_systemds_credentials_are_read_where_systemd_puts_them(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Beside the folder that is set, which goes before them; where systemd has given none, there is nothing to say."""
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path / "credentials"))
    assert secret("hospital") is None
    (tmp_path / "credentials").mkdir()
    for name in ("hospital", "master_key"):
        (tmp_path / "credentials" / name).write_text("from systemd")
    (folder / "hospital").write_text("from the folder")
    assert ("from the folder", "from systemd") == (secret("hospital"), secret("master_key"))
    monkeypatch.delenv("SAFEGUARDING_SECRETS_FOLDER")
    assert "from systemd" == secret("hospital")


def test_a_secret_that_is_put_in_counts_at_once(folder: Path) -> None:
    """A new Teams workflow needs no restart."""
    assert secret("hospital") is None
    (folder / "hospital").write_text("new")
    assert "new" == secret("hospital")


def test_a_file_that_is_no_text_is_said_without_a_word_of_it(
    folder: Path, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    """A certificate was put there by mistake. A message that needs it waits and is tried again, and says why."""
    caplog.set_level(logging.DEBUG)
    (folder / "mail_url").write_bytes(HIDDEN.encode() + b"\xff")
    (folder / "hospital").write_text(HIDDEN)
    with pytest.raises(SecretUnreadable, match=r"The secret mail_url cannot be read: its file is no text in UTF-8\.$"):
        _ = Settings().mail_url
    with pytest.raises(NoticeUndeliverable, match="The secret mail_url cannot be read") as undelivered:
        _ = OwnPost(Settings()).mail_url
    assert undelivered.value.retryable
    assert HIDDEN == secret("hospital")
    assert "Nest-Lane" not in caplog.text + "".join(capsys.readouterr())


def test_a_file_that_may_not_be_read_is_named(folder: Path) -> None:
    """It belongs to root, and the system runs as a user of its own."""
    file = folder / "hospital"
    file.write_text(HIDDEN)
    file.chmod(0)
    before = os.geteuid()
    if before == 0:
        os.seteuid(65534)
    try:
        with pytest.raises(SecretUnreadable) as unreadable:
            secret("hospital")
    finally:
        os.seteuid(before)
    assert f"The secret hospital cannot be read: {file}: Permission denied." == str(unreadable.value)


def test_a_folder_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A slip of the pen would otherwise leave every secret unset, and nobody told."""
    monkeypatch.setenv("SAFEGUARDING_SECRETS_FOLDER", str(tmp_path / "secrest"))
    with pytest.raises(SecretUnreadable, match="secrest: SAFEGUARDING_SECRETS_FOLDER names no folder"):
        secret("hospital")


@pytest.mark.parametrize(
    ("prefect", "pages", "review", "card", "letters"),
    [
        (None, None, "http://127.0.0.1:4300/reviews/R", "http://127.0.0.1:4200/runs?tag=R", (None, None)),
        ("https://p.example", None, "", "https://p.example/runs?tag=R", (None, "https://p.example")),
        (None, "https://d.example/", "https://d.example/reviews/R", "", ("https://d.example", None)),
        (
            "https://p.example",
            "https://d.example",
            "https://d.example/reviews/R",
            "https://p.example/runs?tag=R",
            ("https://d.example", "https://p.example"),
        ),
    ],
    ids=["this machine", "prefect alone", "pages alone", "both"],
)
def test_nobody_is_led_where_they_cannot_go(
    prefect: str | None, pages: str | None, review: str, card: str, letters: tuple[str | None, str | None]
) -> None:
    """From Prefect to the review's page, from there to the card, and from a letter to either: only what is reached."""
    settings = Settings().model_copy(update={"prefect_address": prefect, "pages_address": pages})
    assert review == settings.review_page("R")
    assert card == settings.card_page("R").partition("&")[0]
    assert letters == settings.reached_from_a_letter(here=False)
    assert None not in settings.reached_from_a_letter(here=True)
