"""
The samples of our own deployment files: whoever starts with one of them has a secret that everybody can read.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from config.settings import PREFIX, Settings
from flows.server import prefect_settings
from safeguarding.errors import SafeguardingError

PASSWORD = "password"  # noqa: S105  the sample of every address in `deployments/`


class SampleSecrets(SafeguardingError):
    """Secrets were left as our own files have them."""

    code = "sample-secrets"

    def __init__(self, settings: tuple[str, ...]) -> None:
        named = " and ".join(settings)
        still = "is" if len(settings) == 1 else "are"
        super().__init__(
            f"{named} {still} as in the sample file, with a password that everybody can read: put in your own.",
            settings,
        )


def refuse(settings: Settings) -> None:
    """Raise SampleSecrets, naming every setting that is still a sample."""
    given = {
        f"{PREFIX}DATABASE_URL": settings.database_url,
        "PREFECT_SERVER_DATABASE_CONNECTION_URL": prefect_settings.database(),
        f"{PREFIX}SECRET_{settings.mail.upper()}": settings.mail_url,
    }
    if left := tuple(name for name, address in given.items() if address and _password(address) == PASSWORD):
        raise SampleSecrets(left)


def _password(address: str) -> str | None:
    try:
        return urlsplit(address).password
    except ValueError:  # What is wrong with it is said by whoever uses it.
        return None
