"""What a deployment asks of Azure, of Microsoft Graph and of this machine; none of it changes anything."""

from bicep.commands import DEPLOYMENT, Command, az, question


def get(address: str) -> Command:
    """Return a GET of a Microsoft Graph or Resource Manager address, as the signed-in user."""
    return question("rest", "--method", "get", "--url", address)


def cli_version() -> Command:
    """Version of the Azure CLI."""
    return question("version")


def bicep_version() -> Command:
    """Version of the Azure CLI's Bicep, as a sentence."""
    return az("bicep", "version")


def account() -> Command:
    """The signed-in user or service principal, and its subscription."""
    return question("account", "show")


def token(resource: str) -> Command:
    """When a token for a resource expires; the token itself is not returned, the CLI keeps it."""
    return question("account", "get-access-token", "--resource", resource, "--query", "expiresOn")


def resource_group(group: str) -> Command:
    """The resource group; a failure where there is none."""
    return question("group", "show", "--name", group)


def providers() -> Command:
    """Every resource provider of the subscription and its state."""
    return question("provider", "list", "--query", "[].{namespace: namespace, state: registrationState}")


def rights(subscription: str, group: str) -> Command:
    """What the signed-in user may do in the resource group."""
    scope = f"https://management.azure.com/subscriptions/{subscription}/resourceGroups/{group}"
    return get(f"{scope}/providers/Microsoft.Authorization/permissions?api-version=2022-04-01")


def budgets(subscription: str, group: str) -> Command:
    """The budgets of the resource group."""
    scope = f"https://management.azure.com/subscriptions/{subscription}/resourceGroups/{group}"
    return get(f"{scope}/providers/Microsoft.Consumption/budgets?api-version=2023-11-01")


def signed_in_user() -> Command:
    """The signed-in user in Microsoft Entra ID."""
    return question("ad", "signed-in-user", "show")


def service_principal(app_id: str) -> Command:
    """A service principal by its application id."""
    return question("ad", "sp", "show", "--id", app_id)


def membership(group_id: str, member_id: str) -> Command:
    """Whether a user or service principal belongs to a group, directly or not."""
    return question("ad", "group", "member", "check", "--group", group_id, "--member-id", member_id)


def directory_roles() -> Command:
    """The signed-in user's roles in Microsoft Entra ID."""
    return get("https://graph.microsoft.com/v1.0/me/memberOf/microsoft.graph.directoryRole?$select=roleTemplateId")


def registration_policy() -> Command:
    """Whether any user of the tenant may register applications."""
    return get("https://graph.microsoft.com/v1.0/policies/authorizationPolicy?$select=defaultUserRolePermissions")


def app_permissions(principal_id: str) -> Command:
    """The application permissions of a pipeline's service principal."""
    return get(
        f"https://graph.microsoft.com/v1.0/servicePrincipals/{principal_id}/appRoleAssignments?$select=appRoleId"
    )


def deleted_vaults() -> Command:
    """Key vaults that are deleted and keep their names."""
    query = "[].{name: name, id: properties.vaultId}"
    return question("keyvault", "list-deleted", "--resource-type", "vault", "--query", query)


def deleted_applications() -> Command:
    """App registrations that are deleted and keep their unique names."""
    chosen = "$select=id,displayName,web"
    return get(f"https://graph.microsoft.com/v1.0/directory/deletedItems/microsoft.graph.application?{chosen}")


def applications(redirect_address: str) -> Command:
    """The app registrations that redirect there, with their owners."""
    chosen = f"$filter=web/redirectUris/any(one:one eq '{redirect_address}')"
    named = "$select=id,displayName&$expand=owners($select=id)"
    return get(f"https://graph.microsoft.com/v1.0/applications?{chosen}&{named}")


def sql_servers(group: str) -> Command:
    """Names of the SQL servers of the resource group."""
    return question("sql", "server", "list", "--resource-group", group, "--query", "[].name")


def parameter_values(parameters: str) -> Command:
    """Compiles a .bicepparam file, and with it the templates."""
    return az("bicep", "build-params", "--file", parameters, "--stdout")


def last_deployment(group: str) -> Command:
    """Parameters and outputs of what is deployed."""
    query = "{parameters: properties.parameters, outputs: properties.outputs}"
    return question("deployment", "group", "show", "--resource-group", group, "--name", DEPLOYMENT, "--query", query)


def driver(python: str) -> Command:
    """The ODBC drivers of this machine, one a line."""
    return Command((python, "-c", "import pyodbc; print(*pyodbc.drivers(), sep='\\n')"))


def readiness_key(group: str, app: str) -> Command:
    """The key of the function that says whether every store answers."""
    return question(
        "functionapp", "function", "keys", "list", "--resource-group", group, "--name", app,
        "--function-name", "readiness",
    )  # fmt: skip


def granted_consents(desk_principal_id: str) -> Command:
    """The consents given to the desk."""
    return get(f"https://graph.microsoft.com/v1.0/servicePrincipals/{desk_principal_id}/oauth2PermissionGrants")


def assigned_roles(desk_principal_id: str) -> Command:
    """Who has a role at the desk."""
    return get(f"https://graph.microsoft.com/v1.0/servicePrincipals/{desk_principal_id}/appRoleAssignedTo")


def publisher(customer_client_id: str) -> Command:
    """The verified publisher of what customers consent to."""
    address = f"https://graph.microsoft.com/v1.0/applications(appId='{customer_client_id}')"
    return get(f"{address}?$select=verifiedPublisher")


def domain_verification(group: str, app: str) -> Command:
    """The text that proves to Azure that a name is ours."""
    query = ("--query", "customDomainVerificationId", "--output", "tsv")
    return az("functionapp", "show", "--resource-group", group, "--name", app, *query)
