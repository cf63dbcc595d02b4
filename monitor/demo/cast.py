"""The people of the demo. Their passwords are printed: nobody is kept out by them."""

from dataclasses import dataclass

from monitor.trials import actions
from monitor.trials.models import Role, Site, Trial, User

EVERYWHERE = ""


@dataclass(frozen=True)
class Person:
    """`sites`: codes, or EVERYWHERE. Without a role: the owner of the program."""

    username: str
    printed_name: str
    role: Role | None
    sites: tuple[str, ...] = (EVERYWHERE,)

    @property
    def password(self) -> str:
        return f"demo-{self.username}-2026"

    @property
    def described(self) -> str:
        if self.role is None:
            return "owner and trial administrator"
        where = ", ".join(self.sites) if EVERYWHERE not in self.sites else "all sites"
        return f"{self.role.label}, {where}"


PEOPLE = (
    Person("reyes", "A. Reyes, RN", Role.NURSE),
    Person("okafor", "Mary Okafor, MD", Role.INVESTIGATOR),
    Person("lindqvist", "K. Lindqvist, MD", Role.INVESTIGATOR, ("03",)),
    Person("berg", "E. Berg, RN", Role.NURSE, ("03",)),
    Person("moss", "L. Moss, RN", Role.NURSE),
    Person("chen", "T. Chen", Role.COORDINATOR),
    Person("haddad", "M. Haddad, PharmD", Role.PHARMACIST),
    Person("moreau", "J. Moreau", Role.DATA_MONITOR),
    Person("iyer", "N. Iyer, MD", Role.SAFETY_PHYSICIAN),
    Person("vance", "P. Vance", None),
)
OWNER = PEOPLE[-1]


def hire_owner() -> User:
    return actions.create_owner(
        username=OWNER.username,
        printed_name=OWNER.printed_name,
        password=OWNER.password,
    )


def hire(owner: User) -> dict[str, User]:
    """Everybody's account, by username."""
    people = {
        one.username: actions.create_user(
            username=one.username,
            printed_name=one.printed_name,
            password=one.password,
            by=owner,
        )
        for one in PEOPLE
        if one is not OWNER
    }
    return {**people, owner.username: owner}


def appoint(
    people: dict[str, User], trials: list[Trial], sites: dict[str, Site], by: User
) -> None:
    """Each person's role, in every trial or at the sites that are theirs."""
    for one in PEOPLE:
        if one.role is None:
            continue
        for code in one.sites:
            chosen = [sites[code].trial] if code else trials
            for trial in chosen:
                actions.grant(
                    user=people[one.username],
                    trial=trial,
                    site=sites[code] if code else None,
                    role=one.role,
                    by=by,
                )


def password_of(username: str) -> str:
    return next(one.password for one in PEOPLE if one.username == username)


def accounts() -> list[tuple[str, str, str]]:
    """Username, password, and in words what the person is."""
    return [(one.username, one.password, one.described) for one in PEOPLE]
