"""Which program this is: what a printed record names as its maker."""

import tomllib

from django.conf import settings


def version() -> str:
    """As pyproject.toml has it; the program is not an installed package."""
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text("utf-8"))
    return str(project["project"]["version"])


VERSION = version()
