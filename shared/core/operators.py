"""Operators, our reviewers and administrators, and their roles."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """An app role of the operators' registration, with its value in the ID token."""

    REVIEWER = "Reviewer"
    ADMIN = "Admin"


@dataclass(frozen=True)
class Operator:
    """A signed-in operator, created only from a validated ID token of our own tenant.

    Entra confirmed the roles at `roles_read_at`. The user last entered credentials at
    `signed_in_at`, None if Entra did not say.
    """

    object_id: str
    username: str
    roles: frozenset[Role]
    created_at: datetime
    expires_at: datetime
    roles_read_at: datetime
    signed_in_at: datetime | None = None

    def may(self, role: Role) -> bool:
        """Whether the operator has this role; an administrator has every role."""
        return role in self.roles or Role.ADMIN in self.roles


def roles_of(claim: object) -> frozenset[Role]:
    """Return our roles in the `roles` claim; unknown roles and a malformed claim are ignored."""
    named = claim if isinstance(claim, list) else []
    return frozenset(role for role in Role if role.value in named)
