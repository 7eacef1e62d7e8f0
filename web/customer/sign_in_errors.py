"""The pages of failed sign-ins, one for each reason."""

from dataclasses import dataclass, replace
from http import HTTPStatus
from urllib.parse import urlencode

from shared.identity.consent import ConsentFailed
from shared.identity.failures import SignInProblem, numbers_in
from shared.wiring import Services
from web.http.messages import Response
from web.rendering.pages import render

RETRY_AFTER_SECONDS = 60


@dataclass(frozen=True)
class FailurePage:
    """One page: what happened, what to do next, and which actions it offers."""

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
        "Microsoft reports that the permission was declined. We have no access and have stored nothing.",
        (
            "If you meant to decline, you do not need to do anything.",
            "If you selected Cancel by mistake, sign in again and select Accept.",
            "To read what we ask for first, open Permissions and data.",
        ),
    ),
    SignInProblem.ADMIN_APPROVAL_NEEDED: FailurePage(
        HTTPStatus.FORBIDDEN,
        "Your administrator must approve the app first",
        "Your organisation does not allow users to approve this app themselves. This is a common setting.",
        (
            "Send the link below to your IT administrator. The page shows what we ask for; approval takes 30 seconds.",
            "After the approval, come back here and sign in again.",
        ),
        offers_admin_link=True,
    ),
    SignInProblem.ADMIN_APPROVAL_REQUESTED: FailurePage(
        HTTPStatus.FORBIDDEN,
        "Your administrator has your approval request",
        "Microsoft has sent your approval request to your organisation's administrators.",
        (
            "Wait for Microsoft's email about the approval, then sign in again.",
            "If it is urgent, send the link below to your IT administrator.",
        ),
        offers_admin_link=True,
    ),
    SignInProblem.UNKNOWN_TENANT: FailurePage(
        HTTPStatus.BAD_REQUEST,
        "Organisation not found",
        "The tenant you entered does not exist, or belongs to a national cloud where this app is not available.",
        (
            "Check the spelling. A domain looks like contoso.com; a tenant ID has 36 characters.",
            "You can find both in the Azure portal under Microsoft Entra ID → Overview.",
            "Or leave the field empty to use your own organisation.",
        ),
        asks_tenant=True,
    ),
    SignInProblem.WRONG_TENANT: FailurePage(
        HTTPStatus.FORBIDDEN,
        "You signed in to another organisation",
        "You signed in to a different tenant than the one you entered. We have stored nothing.",
        (
            "Sign in again with an account of the organisation you entered.",
            "Or leave the field empty to use your own organisation.",
        ),
        asks_tenant=True,
    ),
    SignInProblem.ACCOUNT_NOT_IN_TENANT: FailurePage(
        HTTPStatus.FORBIDDEN,
        "Your account is not in that organisation",
        "Microsoft did not find your account in the tenant, as a member or as a guest.",
        (
            "Sign in again with an account of that organisation.",
            "If you are a guest there, accept the invitation first, then enter the domain or tenant ID below.",
        ),
        asks_tenant=True,
    ),
    SignInProblem.PERSONAL_ACCOUNT: FailurePage(
        HTTPStatus.FORBIDDEN,
        "Personal Microsoft accounts are not supported",
        "We review the Azure costs of organisations. A personal account does not belong to an organisation.",
        ("Sign in with your work or school account.",),
    ),
    SignInProblem.APP_DISABLED: FailurePage(
        HTTPStatus.FORBIDDEN,
        "This app is disabled in your organisation",
        "An administrator has disabled Caleta Cost Review in Microsoft Entra, or does not allow sign-ins to it.",
        (
            "Ask your IT administrator to enable it: Microsoft Entra ID → Enterprise applications → Properties.",
            "After that, sign in again.",
        ),
    ),
    SignInProblem.NO_AZURE: FailurePage(
        HTTPStatus.FORBIDDEN,
        "This organisation has no Azure",
        "Azure Resource Manager is not set up in this tenant, or is disabled there, so there are no costs to review.",
        (
            "If your Azure subscriptions belong to another tenant, enter its domain or tenant ID below.",
            "If this organisation has just started to use Azure, ask an administrator to open the Azure portal once.",
        ),
        asks_tenant=True,
    ),
    SignInProblem.ACCESS_DENIED: FailurePage(
        HTTPStatus.FORBIDDEN,
        "Microsoft denied the sign-in",
        "We do not know the cause behind Microsoft's error. We have no access and have stored nothing.",
        (
            "Send the number below to your IT administrator. The Microsoft Entra sign-in log explains it.",
            "After the cause is fixed, sign in again.",
        ),
    ),
    SignInProblem.ASSIGNMENT_REQUIRED: FailurePage(
        HTTPStatus.FORBIDDEN,
        "You are not assigned to the app",
        "Your organisation allows only assigned users to use Caleta Cost Review.",
        (
            "Ask your IT administrator to assign you, then sign in again.",
            "The setting is in Microsoft Entra: Enterprise applications → Caleta Cost Review → Users and groups.",
        ),
    ),
    SignInProblem.CONDITIONAL_ACCESS: FailurePage(
        HTTPStatus.FORBIDDEN,
        "A security policy of your organisation blocked the sign-in",
        "Conditional Access blocked it, often because of your device, network or location.",
        (
            "Try again from a device and network that your organisation manages.",
            "If it still fails, ask your IT administrator. The Microsoft Entra sign-in log shows the policy.",
        ),
    ),
    SignInProblem.TENANT_RESTRICTED: FailurePage(
        HTTPStatus.FORBIDDEN,
        "Your organisation does not allow this sign-in across tenants",
        "A tenant restriction or a cross-tenant access policy blocked it.",
        ("Ask your IT administrator to allow it, or sign in with an account of the organisation.",),
    ),
    SignInProblem.ACCOUNT_UNUSABLE: FailurePage(
        HTTPStatus.FORBIDDEN,
        "Your account cannot sign in",
        "Microsoft reports that it is disabled, locked, or needs a new password.",
        ("Contact your IT administrator, or sign in with another account.",),
    ),
    SignInProblem.SIGN_IN_INTERRUPTED: FailurePage(
        HTTPStatus.UNAUTHORIZED,
        "The sign-in was not completed",
        "Microsoft needs one more step from you, such as a second factor.",
        ("Sign in again and complete all of Microsoft's steps.",),
    ),
    SignInProblem.CODE_USED: FailurePage(
        HTTPStatus.CONFLICT,
        "This sign-in was already used",
        "A sign-in can be used only once. It was used before, or it took too long.",
        ("Sign in again. It takes a few seconds.",),
    ),
    SignInProblem.EXPIRED: FailurePage(
        HTTPStatus.GONE,
        "This sign-in has expired",
        "It was started more than ten minutes ago, is already complete, or was not started here.",
        ("If you are already signed in, open “Your scans”.", "Otherwise, sign in again."),
    ),
    SignInProblem.OTHER_BROWSER: FailurePage(
        HTTPStatus.FORBIDDEN,
        "This sign-in was started in another browser",
        "You can complete a sign-in only in the browser where you started it. We have stored nothing.",
        ("Go back to the other browser, or sign in again here.",),
    ),
    SignInProblem.STATE_MISMATCH: FailurePage(
        HTTPStatus.BAD_REQUEST,
        "This response does not match your sign-in",
        "You have a sign-in in progress, but this response belongs to another one. We have stored nothing.",
        ("Complete the sign-in in progress, or sign in again.",),
    ),
    SignInProblem.INCOMPLETE_CALLBACK: FailurePage(
        HTTPStatus.BAD_REQUEST,
        "The address is incomplete",
        "Part of the address that Microsoft sends after a sign-in is missing. Do not bookmark or shorten this address.",
        ("Sign in again.",),
    ),
    SignInProblem.INCOMPLETE_ANSWER: FailurePage(
        HTTPStatus.FORBIDDEN,
        "The sign-in could not be confirmed",
        "Microsoft's response lacked required information. We have stored nothing.",
        ("Sign in again.", "If it happens again, email us and tell us when it happened."),
    ),
    SignInProblem.OUR_FAULT: FailurePage(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "Sign-in does not work because of a problem on our side",
        "Microsoft refused our application, not you. We have a problem on our side and have logged it.",
        ("Try again later, or email us.",),
    ),
    SignInProblem.ENTRA_DOWN: FailurePage(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "Microsoft's sign-in service is not responding",
        "This is usually temporary. Your data and your consent are unchanged.",
        ("Try again in a minute.",),
    ),
}


def failure_page(failed: ConsentFailed, services: Services, start_path: str = "/consent/start") -> Response:
    """Return the page of a failed sign-in; `start_path` is where its form starts another one."""
    page = PAGES[failed.problem]
    response = render(
        "customer/consent_failed.html",
        status=page.status,
        status_line=f"{page.status.value} {page.status.phrase}",
        page=page,
        admin_link=admin_link(services, failed.tenant) if page.offers_admin_link else None,
        tenant=failed.tenant,
        start_path=start_path,
        numbers=() if failed.problem is SignInProblem.DECLINED else numbers_in(failed.code),
    )
    if page.status is HTTPStatus.SERVICE_UNAVAILABLE:
        return replace(response, headers={**response.headers, "Retry-After": str(RETRY_AFTER_SECONDS)})
    return response


def admin_link(services: Services, tenant: str | None) -> str:
    """Return the pre-approval link for an administrator. `tenant` is the validated tenant that the user entered."""
    query = f"?{urlencode({'tenant': tenant})}" if tenant else ""
    return f"{services.settings.base_url}/consent/admin{query}"
