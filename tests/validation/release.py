"""`python -m tests.validation.release VERSION WHY` prints a release's notes."""

import sys

from tests import harness

harness.prepare()

from monitor.validation import matrix, outputs  # noqa: E402
from tests.validation.cases import charts  # noqa: E402


def entry(version: str, why: str) -> str:
    """A block for the top of `monitor/validation/releases.toml`."""
    found = outputs.digests(outputs.answers(charts()))
    changed = outputs.moved(matrix.releases()[0]["outputs"], found)
    lines = [f'{name} = "{digest}"' for name, digest in found.items()]
    head = [f'version = "{version}"', f'why = "{why}"', f"patterns_changed = {changed}"]
    return "\n".join(["[[release]]", *head, "", "[release.outputs]", *lines, ""])


if __name__ == "__main__":
    print(entry(sys.argv[1], sys.argv[2]))
