"""What somebody is told whose sign-in came to nothing: one page for each reason."""

from dataclasses import dataclass, replace
from http import HTTPStatus
from urllib.parse import urlencode

from shared.identity.consent import ConsentFailed
from shared.identity.failures import SignInProblem
from shared.wiring import Services
from web.http.messages import Response
from web.rendering.pages import render

RETRY_AFTER_SECONDS = 60


@dataclass(frozen=True)
class FailurePage:
    """One page: what happened, what to do next, and which ways on it offers."""

    status: HTTPStatus
    heading: str
    explanation: str
    next_steps: tuple[str, ...]
    offers_sign_in: bool = True
    offers_admin_link: bool = False
    asks_tenant: bool = False


PAGES = {
    SignInProblem.DECLINED: FailurePage(
        HTTPStatus.FORBIDDEN,
        "You did not give consent",
        "Microsoft told us that the permission was declined. We have received no access and stored nothing.",
        (
            "If that is what you wanted, there is nothing to do.",
            "If you pressed Cancel by mistake, sign in again and choose Accept.",
            "If you would rather read first what we ask for, see Permissions and data.",
        ),
    ),
    SignInProblem.ADMIN_APPROVAL_NEEDED: FailurePage(
        HTTPStatus.FORBIDDEN,
        "Your administrator has to approve the app first",
        "Your organisation does not let its users approve this app by themselves. That is a common setting.",
        (
            "Send the link below to your IT administrator. It says what is asked for; approving takes half a minute.",
            "When they have approved, come back here and sign in again.",
        ),
        offers_admin_link=True,
    ),
    SignInProblem.ADMIN_APPROVAL_REQUESTED: FailurePage(
        HTTPStatus.FORBIDDEN,
        "Your request is with your administrator",
        "Microsoft has passed your request for approval on to your organisation's reviewers.",
        (
            "Wait for Microsoft's mail that says it was approved, then sign in again.",
            "If it is urgent, send the link below to your IT administrator.",
        ),
        offers_admin_link=True,
    ),
    SignInProblem.UNKNOWN_TENANT: FailurePage(
        HTTPStatus.BAD_REQUEST,
        "Microsoft does not know that organisation",
        "The tenant that was named does not exist, or belongs to a national cloud where this app is not offered.",
        (
            "Check the spelling: a domain looks like contoso.com, a tenant id has 36 characters.",
            "The Azure portal shows both under Microsoft Entra ID, Overview.",
            "Or leave the field empty to use the organisation of your own account.",
        ),
        asks_tenant=True,
    ),
    SignInProblem.WRONG_TENANT: FailurePage(
        HTTPStatus.FORBIDDEN,
        "You signed in to another organisation",
        "The account signed in to another tenant than the one that was named. Nothing was stored.",
        (
            "Sign in again and choose the account that belongs to the organisation you named.",
            "Or leave the field empty to use the organisation of your own account.",
        ),
        asks_tenant=True,
    ),
    SignInProblem.ACCOUNT_NOT_IN_TENANT: FailurePage(
        HTTPStatus.FORBIDDEN,
        "This account is not in that organisation",
        "Microsoft found no such account in the tenant, not even as a guest.",
        (
            "Sign in again with an account of that organisation.",
            "If you are a guest there, accept its invitation first, and name its domain or tenant id below.",
        ),
        asks_tenant=True,
    ),
    SignInProblem.PERSONAL_ACCOUNT: FailurePage(
        HTTPStatus.FORBIDDEN,
        "A personal Microsoft account cannot be used",
        "We read the Azure costs of organisations, which personal accounts do not belong to.",
        ("Sign in with your work or school account.",),
    ),
    SignInProblem.ASSIGNMENT_REQUIRED: FailurePage(
        HTTPStatus.FORBIDDEN,
        "You are not assigned to the app",
        "Your organisation knows Caleta Cost Review but lets only chosen people use it, and not yet you.",
        (
            "Ask your IT administrator to add you, and then sign in again.",
            "They do it in Microsoft Entra: Enterprise applications, Caleta Cost Review, Users and groups.",
        ),
    ),
    SignInProblem.CONDITIONAL_ACCESS: FailurePage(
        HTTPStatus.FORBIDDEN,
        "A security policy of your organisation stopped the sign-in",
        "Conditional Access did not allow it: often because of the device, the network or the place you are at.",
        (
            "Try from a device and a network that your organisation manages.",
            "If it still happens, ask your IT administrator: the sign-in log of Microsoft Entra names the policy.",
        ),
    ),
    SignInProblem.TENANT_RESTRICTED: FailurePage(
        HTTPStatus.FORBIDDEN,
        "Your organisation does not allow this sign-in across tenants",
        "A tenant restriction or a cross-tenant access policy stopped it.",
        ("Ask your IT administrator to allow it, or sign in with an account of the organisation itself.",),
    ),
    SignInProblem.ACCOUNT_UNUSABLE: FailurePage(
        HTTPStatus.FORBIDDEN,
        "This account cannot sign in at the moment",
        "Microsoft says that it is disabled, locked, or needs a new password.",
        ("Sort it out with your IT administrator, or sign in with another account.",),
    ),
    SignInProblem.SIGN_IN_INTERRUPTED: FailurePage(
        HTTPStatus.UNAUTHORIZED,
        "The sign-in was not finished",
        "Microsoft needs one more step from you, such as a second factor.",
        ("Sign in again and follow Microsoft's pages to the end.",),
    ),
    SignInProblem.CODE_USED: FailurePage(
        HTTPStatus.CONFLICT,
        "This sign-in was already used",
        "Each sign-in counts once. It has been used before, or took too long on its way.",
        ("Sign in again: it is a matter of seconds.",),
    ),
    SignInProblem.EXPIRED: FailurePage(
        HTTPStatus.GONE,
        "This sign-in is no longer open",
        "It was begun more than ten minutes ago, was finished already, or was never begun here.",
        ("If you have signed in already, go on to your scans.", "Otherwise sign in again."),
    ),
    SignInProblem.OTHER_BROWSER: FailurePage(
        HTTPStatus.FORBIDDEN,
        "This sign-in was begun in another browser",
        "It may only be finished in the browser, and the window, where it was begun last. Nothing was stored.",
        ("Go back to where you began, or sign in again here.",),
    ),
    SignInProblem.STATE_MISMATCH: FailurePage(
        HTTPStatus.BAD_REQUEST,
        "This answer belongs to no sign-in of yours",
        "You have a sign-in open, but what came back is not its answer. Nothing was stored.",
        ("Finish the sign-in that is open, or begin again.",),
    ),
    SignInProblem.INCOMPLETE_CALLBACK: FailurePage(
        HTTPStatus.BAD_REQUEST,
        "The address is incomplete",
        "What Microsoft sends with a sign-in is missing from this address: it was shortened, typed or bookmarked.",
        ("Sign in again from here.",),
    ),
    SignInProblem.INCOMPLETE_ANSWER: FailurePage(
        HTTPStatus.FORBIDDEN,
        "The sign-in could not be confirmed",
        "Microsoft's answer lacked something that we insist on, so nothing was stored.",
        ("Sign in again.", "If it happens twice, write to us and say when it happened."),
    ),
    SignInProblem.OUR_FAULT: FailurePage(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "Sign-in is broken on our side",
        "Microsoft refused our application, not you. It has been logged, and only we can mend it.",
        ("Please try again later, or write to us.",),
    ),
    SignInProblem.ENTRA_DOWN: FailurePage(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "Microsoft's sign-in does not answer",
        "This passes by itself. Nothing of yours was changed, and no consent was lost.",
        ("Try again in a minute.",),
    ),
}


def failure_page(failed: ConsentFailed, services: Services) -> Response:
    """The page of a sign-in that came to nothing."""
    page = PAGES[failed.problem]
    response = render(
        "customer/consent_failed.html",
        status=page.status,
        status_words=f"{page.status.value} {page.status.phrase}",
        page=page,
        admin_link=admin_link(services, failed.tenant) if page.offers_admin_link else None,
        tenant=failed.tenant,
    )
    if page.status is HTTPStatus.SERVICE_UNAVAILABLE:
        return replace(response, headers={**response.headers, "Retry-After": str(RETRY_AFTER_SECONDS)})
    return response


def admin_link(services: Services, tenant: str | None) -> str:
    """The pre-approval link to send to an administrator. `tenant` is what the customer named, checked."""
    query = f"?{urlencode({'tenant': tenant})}" if tenant else ""
    return f"{services.settings.base_url}/consent/admin{query}"
