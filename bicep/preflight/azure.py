"""First looks at Azure: subscription, resource group, rights, resource providers, what is there already."""

import fnmatch
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from bicep import commands, questions
from bicep.preflight.scene import Account, Scene, reason
from bicep.runner import DeploymentFailed

PROVIDERS = (
    "Microsoft.App", "Microsoft.Insights", "Microsoft.KeyVault", "Microsoft.ManagedIdentity", "Microsoft.Network",
    "Microsoft.OperationalInsights", "Microsoft.ServiceBus", "Microsoft.Sql", "Microsoft.Storage", "Microsoft.Web",
)  # fmt: skip
"""Of the templates, and Microsoft.App: the app's subnet is delegated to it, and nothing registers it by itself."""

TOKEN_RESOURCES = ("https://database.windows.net", "https://vault.azure.net")

ACTIONS = (
    "Microsoft.Resources/deployments/write",
    "Microsoft.Authorization/roleAssignments/write",
    "Microsoft.Sql/servers/write",
)
"""A sample of what Owner may; the second is what others often may not."""


def account(scene: Scene) -> Iterator[str]:
    """A user is signed in to a subscription that can be used."""
    try:
        answer = scene.runner.ask(questions.account())
    except DeploymentFailed as failure:
        yield f"no user is signed in to Azure: az login ({reason(failure)})"
        return
    user = answer["user"]
    scene.account = Account(answer["id"], answer["name"], user["name"], user["type"] == "user")
    if answer["state"] != "Enabled":
        yield f"subscription {answer['name']} is {answer['state']}: az account set --subscription <another one>"


def tokens(scene: Scene) -> Iterator[str]:
    """Tokens for the database and the key vault can be had.

    The CLI keeps them: a pipeline's own sign-in is valid for minutes, and the schema's turn comes half an hour later.
    """
    if scene.account is None:
        return
    for resource in TOKEN_RESOURCES:
        try:
            scene.runner.ask(questions.token(resource))
        except DeploymentFailed as failure:
            yield f"no token for {resource} ({reason(failure)}): az login --scope {resource}/.default"


def resource_group(scene: Scene) -> Iterator[str]:
    """The resource group exists."""
    try:
        scene.runner.ask(questions.resource_group(scene.group))
    except DeploymentFailed:
        where = scene.account.subscription_name if scene.account else "this subscription"
        remedy = commands.create_group(scene.group)
        yield f"resource group {scene.group} is not in {where}: {remedy} (or ask an Owner of the subscription)"
        return
    scene.group_exists = True


def providers(scene: Scene) -> Iterator[str]:
    """Every resource provider is registered; Owner of a resource group may not register one."""
    if scene.account is None:
        return
    answer = scene.runner.ask(questions.providers())
    registered = {one["namespace"].lower() for one in answer if one["state"] == "Registered"}
    for name in PROVIDERS:
        if name.lower() not in registered:
            yield (
                f"resource provider {name} is not registered. Ask a Contributor or Owner of the subscription "
                f"{scene.account.subscription_name} to run: {commands.register_provider(name)}"
            )


def rights(scene: Scene) -> Iterator[str]:
    """The signed-in user may deploy and assign roles in the resource group."""
    if scene.account is None or not scene.group_exists:
        return
    granted = scene.runner.ask(questions.rights(scene.account.subscription, scene.group))["value"]
    missing = [action for action in ACTIONS if not is_allowed(action, granted)]
    if missing:
        yield (
            f"{scene.account.login} may not {', '.join(missing)} in {scene.group}. "
            "Ask an Owner of the resource group for the role Owner"
        )


def is_allowed(action: str, granted: Iterable[Mapping[str, list[str]]]) -> bool:
    """Whether one of the permissions contains the action. https://learn.microsoft.com/rest/api/authorization/permissions"""
    return any(
        _matches(action, one.get("actions", ())) and not _matches(action, one.get("notActions", ())) for one in granted
    )


def _matches(action: str, patterns: Iterable[str]) -> bool:
    return any(fnmatch.fnmatchcase(action.lower(), pattern.lower()) for pattern in patterns)


def server(scene: Scene) -> Iterator[str]:
    """It is known whether the SQL server exists: its administrators are sent to a new one only."""
    if not scene.group_exists or scene.parameters is None:
        return
    try:
        names = scene.runner.ask(questions.sql_servers(scene.group))
    except DeploymentFailed as failure:
        yield f"the SQL servers of {scene.group} could not be listed ({reason(failure)})"
        return
    scene.server_exists = any(name.startswith(f"{scene.parameters.prefix}-sql-") for name in names)


def budget(scene: Scene) -> Iterator[str]:
    """A new budget does not begin in a past month; one that exists keeps its first month."""
    wanted = scene.parameters.budget_start if scene.parameters else None
    if scene.account is None or scene.parameters is None or wanted is None or not scene.group_exists:
        return
    found = scene.runner.ask(questions.budgets(scene.account.subscription, scene.group))["value"]
    name = f"{scene.parameters.prefix}-budget"
    begins = [one["properties"]["timePeriod"]["startDate"][:10] for one in found if one["name"] == name]
    if begins and begins[0] != wanted:
        yield f"the budget begins on {begins[0]}, and Azure refuses another first month: write that as its startDate"
    if not begins and date.fromisoformat(wanted) < scene.today.replace(day=1):
        yield f"the budget's startDate {wanted} is in the past: write the first day of this month or of a later one"
