"""The applications registered in the simulated Entra, and the company that runs them. A JSON file names others.

The secrets protect nothing: the simulated tenant listens on 127.0.0.1 only.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from simulator.people import CONTOSO, FABRIKAM, SAMPLE_USERS, Directory, Person, Visibility, sample_id


class InvalidConfiguration(Exception):
    """The text names the file and what is wrong in it."""


@dataclass(frozen=True)
class Application:
    """An app registration. `publisher` stands on the consent page; `redirect_paths` follow each `--app-url`."""

    name: str
    client_id: str
    client_secret: str
    redirect_paths: tuple[str, ...]
    publisher: str = ""


@dataclass(frozen=True)
class Operator:
    """A user of the operators' tenant; `roles` are the app roles of the operators' application."""

    alias: str
    name: str
    about: str
    roles: tuple[str, ...] = ()


@dataclass(frozen=True)
class Operators:
    """The tenant of the company that runs the applications: its own application, its users."""

    domain: str
    name: str
    application: Application
    people: tuple[Operator, ...]


@dataclass(frozen=True)
class MailClient:
    """The application that may send mail from one mailbox of the operators' tenant."""

    client_id: str
    client_secret: str
    sender: str


@dataclass(frozen=True)
class Configuration:
    """`application` is what customers consent to; operators sign in to their own one without consent."""

    application: Application
    operators: Operators
    mail: MailClient

    @cached_property
    def operators_tenant(self) -> Directory:
        return Directory(sample_id(self._operators_label), self.operators.domain, self.operators.name)

    @cached_property
    def people(self) -> tuple[Person, ...]:
        """Everyone who can sign in: the customers' users, then the operators."""
        return (*SAMPLE_USERS, *map(self._person, self.operators.people))

    @cached_property
    def by_username(self) -> Mapping[str, Person]:
        return {person.username: person for person in self.people}

    @cached_property
    def by_object_id(self) -> Mapping[tuple[str, str], Person]:
        """By tenant id and object id."""
        return {(tenant, user): person for person in self.people for tenant, user in person.object_ids.items()}

    @cached_property
    def applications(self) -> Mapping[str, Application]:
        """Those that people sign in to, by client id."""
        return {one.client_id: one for one in (self.application, self.operators.application)}

    @cached_property
    def secrets(self) -> Mapping[str, str]:
        """By client id."""
        signed_in_to = {client_id: one.client_secret for client_id, one in self.applications.items()}
        return {**signed_in_to, self.mail.client_id: self.mail.client_secret}

    def is_for_operators(self, client_id: str) -> bool:
        return client_id == self.operators.application.client_id

    def directory(self, name: str) -> Directory | None:
        """A tenant by its id or domain, in any casing."""
        wanted = name.lower()
        known = (CONTOSO, FABRIKAM, self.operators_tenant)
        return next((item for item in known if wanted in (item.tenant_id, item.domain)), None)

    @property
    def _operators_label(self) -> str:
        return self.operators.domain.partition(".")[0]

    def _person(self, operator: Operator) -> Person:
        return Person(
            f"{operator.alias}@{self.operators.domain}",
            operator.name,
            self.operators_tenant,
            {self.operators_tenant.tenant_id: sample_id(f"{operator.alias}.{self._operators_label}")},
            operator.about,
            visibility=Visibility.NONE,
            may_consent=False,
            operator_roles=operator.roles,
        )


NEUTRAL = Configuration(
    application=Application(
        name="Sample Application",
        client_id="11f0c6a4-92c3-4d3b-8a0e-3f1d2c5b7e01",
        client_secret="sample-client-secret",  # noqa: S106 - it opens nothing but this simulation
        redirect_paths=("/auth/callback", "/auth/admin-callback"),
        publisher="Sample Publisher Ltd",
    ),
    operators=Operators(
        domain="northwind.example",
        name="Northwind Traders",
        application=Application(
            name="Sample Operators' Application",
            client_id="22f0c6a4-92c3-4d3b-8a0e-3f1d2c5b7e02",
            client_secret="sample-operators-secret",  # noqa: S106 - likewise
            redirect_paths=("/operators/callback",),
        ),
        people=(
            Operator("operator", "Oscar Operator", "has the app role Operator", ("Operator",)),
            Operator("visitor", "Vera Visitor", "is in the operators' tenant without a role"),
        ),
    ),
    mail=MailClient("33f0c6a4-92c3-4d3b-8a0e-3f1d2c5b7e03", "sample-mail-secret", "noreply@northwind.example"),
)


def to_json(configuration: Configuration) -> str:
    """The text of a configuration file."""
    return json.dumps(asdict(configuration), indent=2)


def load(path: Path) -> Configuration:
    """The configuration in a file; raises InvalidConfiguration."""
    try:
        return _configuration(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise InvalidConfiguration(f"{path} cannot be read: {error.strerror}") from None
    except KeyError as error:
        raise InvalidConfiguration(f"{path} lacks {error}") from None
    except (ValueError, TypeError, AttributeError) as error:
        raise InvalidConfiguration(f"{path} is no configuration: {error}") from None


def _configuration(values: dict[str, Any]) -> Configuration:
    operators = values["operators"]
    people = tuple(Operator(**{**one, "roles": tuple(one.get("roles", ()))}) for one in operators["people"])
    return Configuration(
        application=_application(values["application"]),
        operators=Operators(operators["domain"], operators["name"], _application(operators["application"]), people),
        mail=MailClient(**values["mail"]),
    )


def _application(values: dict[str, Any]) -> Application:
    return Application(**{**values, "redirect_paths": tuple(values["redirect_paths"])})
