"""An invented partnership to try the system on."""
