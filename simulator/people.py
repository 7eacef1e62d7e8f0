"""The customers' sample tenants and users. Their ids never change, so a restart finds earlier data."""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import NAMESPACE_DNS, uuid5


def sample_id(name: str) -> str:
    """The id of a tenant or user of this name."""
    return str(uuid5(NAMESPACE_DNS, f"{name}.simulated-tenant.example"))


@dataclass(frozen=True)
class Directory:
    """One Entra tenant."""

    tenant_id: str
    domain: str
    name: str


CONTOSO = Directory(sample_id("contoso"), "contoso.example", "Contoso")
FABRIKAM = Directory(sample_id("fabrikam"), "fabrikam.example", "Fabrikam")


class Visibility(StrEnum):
    """Which of the tenant's subscriptions are listed for a user and readable."""

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
    visibility: Visibility = Visibility.ALL
    is_admin: bool = False
    may_consent: bool = True
    sign_in_refusal: int | None = None
    operator_roles: tuple[str, ...] = ()
    visible_in: frozenset[str] = field(default_factory=lambda: frozenset({CONTOSO.tenant_id}))

    @property
    def home_object_id(self) -> str:
        return self.object_ids[self.home.tenant_id]


def _contoso(alias: str, name: str, about: str, **traits: object) -> Person:
    ids = {CONTOSO.tenant_id: sample_id(f"{alias}.contoso")}
    return Person(f"{alias}@{CONTOSO.domain}", name, CONTOSO, ids, about, **traits)  # type: ignore[arg-type]


SAMPLE_USERS = (
    _contoso("owner", "Olivia Owner", "can read every subscription"),
    _contoso("reader", "Rahul Reader", "sees every subscription, can read half of them", visibility=Visibility.HALF),
    _contoso("member", "Mei Member", "may not consent: an admin has to approve the app first", may_consent=False),
    _contoso("admin", "Ada Admin", "Global Administrator: can approve the app for all users", is_admin=True),
    _contoso("newcomer", "Noor Newcomer", "has no subscription at all", visibility=Visibility.NONE),
    _contoso("outsider", "Otto Outsider", "is not assigned to the app (AADSTS50105)", sign_in_refusal=50105),
    _contoso("traveller", "Tess Traveller", "is blocked by Conditional Access (AADSTS53003)", sign_in_refusal=53003),
    Person(
        f"guest@{FABRIKAM.domain}",
        "Gus Guest",
        FABRIKAM,
        {FABRIKAM.tenant_id: sample_id("guest.fabrikam"), CONTOSO.tenant_id: sample_id("guest.contoso")},
        "belongs to Fabrikam and is a guest of Contoso, where the first subscription can be read",
        visibility=Visibility.FIRST,
    ),
)

BY_USERNAME = {person.username: person for person in SAMPLE_USERS}
