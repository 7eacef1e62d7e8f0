"""What is left for a person after a deployment, in the order that works, and which of it is done."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from bicep import commands, questions
from bicep.runner import DeploymentFailed, Runner
from bicep.waiting import fetch
from shared.core.operators import Role

ENTRA_PORTAL = "https://entra.microsoft.com/#view"
DONE, TO_DO, UNKNOWN = "done", "to do", "not checked"


@dataclass(frozen=True)
class Deployed:
    """One deployment's own values: where it is, its outputs, and the parameters that its steps name."""

    group: str
    outputs: Mapping[str, str]
    base_url: str
    mail_sender: str

    @property
    def name(self) -> str:
        """The name that customers see."""
        return urlsplit(self.base_url).hostname or ""


@dataclass(frozen=True)
class Step:
    """One thing that only a person can do. `check` says whether it is done; without it that cannot be asked."""

    title: str
    who: str
    lines: Callable[[Deployed], list[str]]
    check: Callable[[Runner, Deployed], bool] | None = None


def _name_lines(deployed: Deployed) -> list[str]:
    app, host = deployed.outputs["appName"], deployed.outputs["appHostName"]
    return [
        f"In Cloudflare: TXT asuid.{deployed.name} with the answer of",
        str(questions.domain_verification(deployed.group, app)),
        f"and CNAME {deployed.name} -> {host} (not proxied until the name is bound). Then:",
        str(commands.host_name(deployed.group, app, deployed.name)),
        "and in the portal, under Custom domains of the app, a certificate for it. Then switch the proxy on, with",
        "encryption mode Full (strict). docs/deployment.md, The customers' name, says why",
    ]


def _name_is_bound(_runner: Runner, deployed: Deployed) -> bool:
    return fetch(f"{deployed.base_url}/healthz").status == 200


def _consent_lines(deployed: Deployed) -> list[str]:
    return [str(commands.desk_consent(deployed.outputs["deskClientId"]))]


def _consent_is_given(runner: Runner, deployed: Deployed) -> bool:
    granted = runner.ask(questions.granted_consents(deployed.outputs["deskPrincipalId"]))["value"]
    wanted = set(commands.SIGN_IN_SCOPES.split())
    return any(one["consentType"] == "AllPrincipals" and wanted <= set(one["scope"].split()) for one in granted)


def _role_lines(deployed: Deployed) -> list[str]:
    made = deployed.outputs
    blade = (
        f"Microsoft_AAD_IAM/ManagedAppMenuBlade/~/Users/objectId/{made['deskPrincipalId']}/appId/{made['deskClientId']}"
    )
    return [f"{ENTRA_PORTAL}/{blade}", f"Add user/group: one of the roles {', '.join(Role)}"]


def _roles_are_given(runner: Runner, deployed: Deployed) -> bool:
    return bool(runner.ask(questions.assigned_roles(deployed.outputs["deskPrincipalId"]))["value"])


def _mailbox_lines(deployed: Deployed) -> list[str]:
    client, principal = deployed.outputs["identityClientId"], deployed.outputs["identityPrincipalId"]
    mailbox = deployed.mail_sender
    scope = f"caleta-{deployed.outputs['appName']}"
    role = '-Role "Application Mail.Send"'
    return [
        "Connect-ExchangeOnline",
        f"New-ServicePrincipal -AppId {client} -ObjectId {principal} -DisplayName {scope}",
        f"New-ManagementScope -Name {scope} -RecipientRestrictionFilter \"PrimarySmtpAddress -eq '{mailbox}'\"",
        f"New-ManagementRoleAssignment -App {principal} {role} -CustomResourceScope {scope}",
        f"Test-ServicePrincipalAuthorization -Identity {principal} -Resource {mailbox}    # InScope: True",
    ]


def _publisher_lines(deployed: Deployed) -> list[str]:
    blade = f"Microsoft_AAD_RegisteredApps/ApplicationMenuBlade/~/Branding/appId/{deployed.outputs['customerClientId']}"
    return [
        f"{ENTRA_PORTAL}/{blade}",
        "Publisher domain and Partner One ID: without them many customers cannot consent",
    ]


def _publisher_is_verified(runner: Runner, deployed: Deployed) -> bool:
    answer = runner.ask(questions.publisher(deployed.outputs["customerClientId"]))
    return bool((answer.get("verifiedPublisher") or {}).get("verifiedPublisherId"))


STEPS = (
    Step("The customers' name leads to the app", "DNS administrator", _name_lines, _name_is_bound),
    Step("Users may sign in to the review desk", "Cloud Application Administrator", _consent_lines, _consent_is_given),
    Step("Reviewers have their role", "Cloud Application Administrator", _role_lines, _roles_are_given),
    Step("The app may send from one mailbox", "Exchange administrator", _mailbox_lines),
    Step("The publisher is verified", "Application Administrator", _publisher_lines, _publisher_is_verified),
)
"""The name comes first: every sign-in returns to it. Reviewers cannot use a role before the consent."""


def state(step: Step, runner: Runner, deployed: Deployed) -> str:
    """Whether the step is done, as one of DONE, TO_DO, UNKNOWN."""
    if step.check is None:
        return UNKNOWN
    try:
        return DONE if step.check(runner, deployed) else TO_DO
    except DeploymentFailed:
        return UNKNOWN


def described(runner: Runner, deployed: Deployed) -> str:
    """Every step with its state; what is not done with its commands and addresses."""
    texts = []
    for number, step in enumerate(STEPS, start=1):
        found = state(step, runner, deployed)
        texts.append(f"{number}. {step.title}: {found}" + ("" if found == DONE else f" ({step.who})"))
        texts.extend([] if found == DONE else [f"   {line}" for line in step.lines(deployed)])
    return "\n".join(texts)


def deployed_now(runner: Runner, group: str) -> Deployed:
    """Read the last deployment's own values. Raises DeploymentFailed where there is none."""
    answer = runner.ask(questions.last_deployment(group))
    return deployed_from(group, answer["outputs"], answer["parameters"])


def deployed_from(
    group: str, outputs: Mapping[str, Mapping[str, object]], parameters: Mapping[str, Mapping[str, object]]
) -> Deployed:
    """Return what Resource Manager's outputs and parameters say."""
    made = {name: str(one["value"]) for name, one in outputs.items()}
    return Deployed(group, made, str(parameters["baseUrl"]["value"]), str(parameters["mailSender"]["value"]))
