"""The frame's own command would set a password that no trail knows of."""

from monitor.management.commands.createsuperuser import Command

__all__ = ["Command"]
