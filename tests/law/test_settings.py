"""The settings: where the record is kept, from the environment, and nowhere else."""

from pathlib import Path

import pytest

from config.settings import Settings, secret


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An environment in which nothing of ours is set."""
    for name in ("HOME", "DATABASE_URL", "PARTNERSHIP", "PREFECT_PORT", "PREFECT_ADDRESS", "MAIL", "SENDER"):
        monkeypatch.delenv(f"SAFEGUARDING_{name}", raising=False)
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
    monkeypatch.setenv("SAFEGUARDING_PARTNERSHIP", str(tmp_path / "mine.yaml"))
    monkeypatch.setenv("SAFEGUARDING_PREFECT_PORT", "4321")
    settings = Settings()
    assert "postgresql+psycopg://127.0.0.1/record" == settings.record_url
    assert tmp_path / "mine.yaml" == settings.partnership
    assert "http://127.0.0.1:4321" == settings.prefect_url


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
