"""First looks at Microsoft Entra ID: registering applications, the administrators' group, names that are held."""

from collections.abc import Iterator

from bicep import commands, questions
from bicep.commands import Command
from bicep.preflight.scene import Scene

CHANGING_ANY_ROLES = frozenset(
    {
        "62e90394-69f5-4237-9190-012177145e10",  # Global Administrator
        "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3",  # Application Administrator
        "158c047a-c907-4556-b7ef-446551a6b5f7",  # Cloud Application Administrator
    }
)
REGISTERING_ROLES = CHANGING_ANY_ROLES | {"cf1c38e5-3621-4004-a7cb-879624dced7c"}  # Application Developer
"""https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference"""

CHANGES_ANY_PERMISSION = "1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9"  # Application.ReadWrite.All
REGISTERING_PERMISSIONS = frozenset({CHANGES_ANY_PERMISSION, "18a4783c-866b-4cc7-a460-3d5e5662c884"})  # …OwnedBy
"""https://learn.microsoft.com/graph/permissions-reference"""


def registrations(scene: Scene) -> Iterator[str]:
    """The signed-in user or pipeline may register applications."""
    if scene.account is None or _may_register(scene):
        return
    wanted = (
        "the role Application Developer"
        if scene.account.is_user
        else "the application permission Application.ReadWrite.OwnedBy"
    )
    yield f"{scene.account.login} may not register applications. Ask an administrator of Entra ID for {wanted}"


def _may_register(scene: Scene) -> bool:
    if scene.account is not None and not scene.account.is_user:
        permissions = questions.app_permissions(_principal(scene))
        return bool(_held(scene, permissions, "appRoleId") & REGISTERING_PERMISSIONS)
    policy = scene.runner.ask(questions.registration_policy())
    if policy["defaultUserRolePermissions"]["allowedToCreateApps"]:
        return True
    return bool(_held(scene, questions.directory_roles(), "roleTemplateId") & REGISTERING_ROLES)


def _held(scene: Scene, command: Command, name: str) -> set[str]:
    return {one[name] for one in scene.runner.ask(command)["value"]}


def _principal(scene: Scene) -> str:
    """Object id of the signed-in user or of the pipeline's service principal."""
    who = questions.signed_in_user()
    if scene.account is not None and not scene.account.is_user:
        who = questions.service_principal(scene.account.login)
    return str(scene.runner.ask(who)["id"])


def ownership(scene: Scene) -> Iterator[str]:
    """Where the app registrations exist, the signed-in user or pipeline may change them."""
    if scene.account is None or scene.parameters is None:
        return
    found = scene.runner.ask(questions.applications(f"{scene.parameters.base_url}/desk/callback"))["value"]
    strange = [one["displayName"] for one in found if not _owns(scene, one["owners"])]
    if strange:
        yield (
            f"{scene.account.login} is no owner of the app registration {', '.join(strange)}. Add its object id "
            "to applicationOwners in the parameter file and let an owner deploy once"
        )


def _owns(scene: Scene, owners: list[dict[str, str]]) -> bool:
    if _principal(scene) in {one["id"] for one in owners}:
        return True
    if scene.account is not None and not scene.account.is_user:
        return CHANGES_ANY_PERMISSION in _held(scene, questions.app_permissions(_principal(scene)), "appRoleId")
    return bool(_held(scene, questions.directory_roles(), "roleTemplateId") & CHANGING_ANY_ROLES)


def administrators(scene: Scene) -> Iterator[str]:
    """The signed-in user or pipeline belongs to the group that administers the database."""
    if scene.account is None or scene.parameters is None:
        return
    group = scene.parameters.administrators
    if not scene.runner.ask(questions.membership(group, _principal(scene)))["value"]:
        yield (
            f"{scene.account.login} is no member of the group {group} (sqlAdministratorGroup), which migrates the "
            "database and adds encryption keys. Ask its owner; a new membership counts after the next az login"
        )


def vaults(scene: Scene) -> Iterator[str]:
    """No deleted key vault of this resource group keeps the name: purge protection holds it for 90 days."""
    if scene.account is None or scene.parameters is None:
        return
    here = f"/subscriptions/{scene.account.subscription}/resourcegroups/{scene.group}/".lower()
    for one in scene.runner.ask(questions.deleted_vaults()):
        if one["id"].lower().startswith(here) and one["name"].startswith(f"{scene.parameters.prefix}-"):
            yield (
                f"key vault {one['name']} is deleted and keeps its name. Recover it with its keys: "
                f"{commands.recover_vault(scene.group, one['name'])}"
            )


def applications(scene: Scene) -> Iterator[str]:
    """No deleted app registration of this deployment keeps its unique name: Entra holds it for 30 days."""
    if scene.account is None or scene.parameters is None:
        return
    for one in scene.runner.ask(questions.deleted_applications())["value"]:
        addresses = (one.get("web") or {}).get("redirectUris", ())
        if any(address.startswith(f"{scene.parameters.base_url}/") for address in addresses):
            yield (
                f"app registration {one['displayName']} is deleted and keeps its unique name. Restore it: "
                f"{commands.restore_application(one['id'])} "
                f"(or delete it for good: {commands.forget_application(one['id'])})"
            )
