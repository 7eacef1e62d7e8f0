"""The people of ours who review: who they are, and what they may do."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """An app role of the operators' registration, by the value that Entra writes into the ID token."""

    REVIEWER = "Reviewer"
    ADMIN = "Admin"


@dataclass(frozen=True)
class Operator:
    """A signed-in operator: made from a validated ID token of our own tenant, never from anything else."""

    object_id: str
    username: str
    roles: frozenset[Role]
    created_at: datetime
    expires_at: datetime

    def may(self, role: Role) -> bool:
        """Whether the operator has this role; an admin may do whatever a reviewer may."""
        return role in self.roles or Role.ADMIN in self.roles


def roles_of(claim: object) -> frozenset[Role]:
    """The roles in the `roles` claim; those that are not ours, and a claim of another form, count for nothing."""
    named = claim if isinstance(claim, list) else []
    return frozenset(role for role in Role if role.value in named)
