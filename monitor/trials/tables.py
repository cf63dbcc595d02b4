"""The permission table as a page shows it."""

from dataclasses import dataclass

from monitor.trials.models import Role
from monitor.trials.permissions import TABLE, Permission


@dataclass(frozen=True, slots=True)
class PermissionRow:
    """One permission as a sentence, and for each role in turn whether it has it."""

    sentence: str
    cells: tuple[tuple[str, bool], ...]


def role_labels() -> list[str]:
    return [str(Role(role).label) for role in TABLE]


def permission_rows() -> list[PermissionRow]:
    return [
        PermissionRow(
            sentence=sentence(permission),
            cells=tuple(
                (str(Role(role).label), permission in granted)
                for role, granted in TABLE.items()
            ),
        )
        for permission in Permission
    ]


def sentence(permission: Permission) -> str:
    label = str(permission.label)
    return f"{label[:1].upper()}{label[1:]}."
