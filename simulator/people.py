"""The sample tenants and the people in them. Their ids never change, so a restart finds earlier data."""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import NAMESPACE_DNS, uuid5


def _id(name: str) -> str:
    return str(uuid5(NAMESPACE_DNS, f"{name}.simulated-tenant.example"))


@dataclass(frozen=True)
class Directory:
    """One Entra tenant."""

    tenant_id: str
    domain: str
    name: str


CONTOSO = Directory(_id("contoso"), "contoso.example", "Contoso")
FABRIKAM = Directory(_id("fabrikam"), "fabrikam.example", "Fabrikam")
CALETA = Directory(_id("caleta"), "caleta.example", "Caleta Analytics")
DIRECTORIES = (CONTOSO, FABRIKAM, CALETA)


class Sight(StrEnum):
    """Which of the tenant's subscriptions a person can read."""

    ALL = "all"
    HALF = "half"
    FIRST = "first"
    NONE = "none"


@dataclass(frozen=True)
class Person:
    """A sample user. `object_ids` has one object id per tenant: a guest has two."""

    username: str
    name: str
    home: Directory
    object_ids: dict[str, str]
    about: str
    sight: Sight = Sight.ALL
    is_admin: bool = False
    may_consent: bool = True
    sign_in_refusal: int | None = None
    operator_roles: tuple[str, ...] = ()
    sees_in: frozenset[str] = field(default_factory=lambda: frozenset({CONTOSO.tenant_id}))

    @property
    def home_object_id(self) -> str:
        return self.object_ids[self.home.tenant_id]


def _contoso(alias: str, name: str, about: str, **traits: object) -> Person:
    ids = {CONTOSO.tenant_id: _id(f"{alias}.contoso")}
    return Person(f"{alias}@{CONTOSO.domain}", name, CONTOSO, ids, about, **traits)  # type: ignore[arg-type]


def _caleta(alias: str, name: str, about: str, *roles: str) -> Person:
    ids = {CALETA.tenant_id: _id(f"{alias}.caleta")}
    return Person(
        f"{alias}@{CALETA.domain}", name, CALETA, ids, about, operator_roles=roles, sight=Sight.NONE, may_consent=False
    )


PEOPLE = (
    _contoso("owner", "Olivia Owner", "can read every subscription"),
    _contoso("reader", "Rahul Reader", "sees every subscription, is refused on half of them", sight=Sight.HALF),
    _contoso("member", "Mei Member", "may not consent: an admin has to approve the app first", may_consent=False),
    _contoso("admin", "Ada Admin", "Global Administrator: can approve the app for everybody", is_admin=True),
    _contoso("newcomer", "Noor Newcomer", "has no subscription at all", sight=Sight.NONE),
    _contoso("outsider", "Otto Outsider", "is not assigned to the app (AADSTS50105)", sign_in_refusal=50105),
    _contoso("traveller", "Tess Traveller", "is blocked by Conditional Access (AADSTS53003)", sign_in_refusal=53003),
    Person(
        f"guest@{FABRIKAM.domain}",
        "Gus Guest",
        FABRIKAM,
        {FABRIKAM.tenant_id: _id("guest.fabrikam"), CONTOSO.tenant_id: _id("guest.contoso")},
        "belongs to Fabrikam and is a guest of Contoso, where the first subscription can be read",
        sight=Sight.FIRST,
    ),
    _caleta("reviewer", "Rosa Reviewer", "reviews scans at the desk (app role Reviewer)", "Reviewer"),
    _caleta("lead", "Leo Lead", "reviews and administers at the desk (app role Admin)", "Admin"),
    _caleta("intruder", "Ivo Intruder", "is of our tenant but has no role at the desk"),
)

BY_USERNAME = {person.username: person for person in PEOPLE}
BY_OBJECT_ID = {
    (tenant_id, object_id): person for person in PEOPLE for tenant_id, object_id in person.object_ids.items()
}


def directory(name: str) -> Directory | None:
    """A tenant by its id or domain, in any casing."""
    wanted = name.lower()
    return next((item for item in DIRECTORIES if wanted in (item.tenant_id, item.domain)), None)
