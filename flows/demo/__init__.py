"""An invented partnership to try the system on."""

from safeguarding.errors import SafeguardingError


class DemoNotInstalled(SafeguardingError):
    """The demo's own mail server comes with an extra, which a plain installation does not bring."""

    code = "demo-not-installed"

    def __init__(self) -> None:
        super().__init__("The demo needs more than is installed: install safeguarding-review-orchestrator[demo].")
