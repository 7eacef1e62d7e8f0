"""`az rest`: what Resource Manager and Microsoft Graph answer to the addresses that a deployment asks."""

from tests.peers.azure_cli.arguments import Options, Refused
from tests.peers.azure_cli.world import USER, World

BASE_URL = "https://review.caleta.example"
SIGNED_OUT = "Please run 'az login' to setup account."


def rest(world: World, options: Options) -> object:
    """One GET. Raises Refused for an address that is not known here."""
    if not world.signed_in:
        raise Refused(SIGNED_OUT)
    (address,) = options["--uri"]
    if options.get("--method") != ["get"]:
        raise Refused(f"not played here: {options.get('--method')} {address}")
    for part, answer in ANSWERS.items():
        if part in address:
            return answer(world)
    raise Refused(f"Not Found({address})")


def permissions(world: World) -> object:
    return {"value": [{"actions": world.actions, "notActions": []}]}


def budgets(world: World) -> object:
    return {
        "value": [
            {"name": name, "properties": {"timePeriod": {"startDate": f"{begins}T00:00:00Z"}}}
            for name, begins in world.budgets.items()
        ]
    }


def policy(world: World) -> object:
    if not world.is_user:
        raise Refused("Forbidden({'error': {'code': 'Authorization_RequestDenied'}})")
    return {"defaultUserRolePermissions": {"allowedToCreateApps": world.may_register}}


def directory_roles(world: World) -> object:
    if not world.is_user:
        raise Refused("Bad Request(/me request is only valid with delegated authentication flow.)")
    return {"value": []}


def app_permissions(world: World) -> object:
    owned_by = {"appRoleId": "18a4783c-866b-4cc7-a460-3d5e5662c884"}
    return {"value": [owned_by] if world.may_register else []}


def deleted_applications(world: World) -> object:
    other = {"id": "1", "displayName": "Another", "web": None}
    ours = {"id": "2", "displayName": world.deleted_application, "web": {"redirectUris": [f"{BASE_URL}/desk/callback"]}}
    return {"value": [other, ours] if world.deleted_application else [other]}


def applications(world: World) -> object:
    owners = [{"id": "another"}] if world.other_owner else [{"id": one} for one in world.owners]
    found = {"id": "3", "displayName": "Caleta Cost Review, review desk", "owners": owners}
    return {"value": [found] if world.owners or world.other_owner else []}


def grants(world: World) -> object:
    return {"value": [{"consentType": "AllPrincipals", "scope": "openid profile"}] if world.consented else []}


def assigned(_world: World) -> object:
    return {"value": [{"principalId": USER}]}


def publisher(_world: World) -> object:
    return {"verifiedPublisher": {"verifiedPublisherId": None}}


ANSWERS = {
    "/Microsoft.Authorization/permissions": permissions,
    "/Microsoft.Consumption/budgets": budgets,
    "/authorizationPolicy": policy,
    "/microsoft.graph.directoryRole": directory_roles,
    "/appRoleAssignments": app_permissions,
    "/deletedItems/microsoft.graph.application": deleted_applications,
    "/applications?": applications,
    "/oauth2PermissionGrants": grants,
    "/appRoleAssignedTo": assigned,
    "verifiedPublisher": publisher,
}
