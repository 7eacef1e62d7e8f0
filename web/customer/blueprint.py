"""Routes of the customer's pages. Each imports its handler at the first request, to keep cold starts short."""

import azure.functions as func

from web.adapter import Pages, respond

bp = Pages()


@bp.route("/", methods=["GET"])
def landing(req: func.HttpRequest) -> func.HttpResponse:
    """The start page."""
    from web.customer.landing import landing as handler

    return respond(req, handler)


@bp.route("sign-in", methods=["GET"])
def sign_in_page(req: func.HttpRequest) -> func.HttpResponse:
    """The page where a returning user signs in."""
    from web.customer.sign_in import sign_in_page as handler

    return respond(req, handler)


@bp.route("sign-in", methods=["POST"])
def sign_in_start(req: func.HttpRequest) -> func.HttpResponse:
    """Redirect to the Microsoft Entra sign-in page, for the user's identity alone."""
    from web.customer.sign_in import sign_in_start as handler

    return respond(req, handler)


@bp.route("sign-in/callback", methods=["GET"])
def sign_in_callback(req: func.HttpRequest) -> func.HttpResponse:
    """Receive the result of a returning user's sign-in from Microsoft Entra."""
    from web.customer.sign_in import sign_in_callback as handler

    return respond(req, handler)


@bp.route("consent/start", methods=["POST"])
def consent_start(req: func.HttpRequest) -> func.HttpResponse:
    """Redirect to the Microsoft Entra sign-in page."""
    from web.customer.consent import consent_start as handler

    return respond(req, handler)


@bp.route("consent/callback", methods=["GET"])
def consent_callback(req: func.HttpRequest) -> func.HttpResponse:
    """Receive the result of a sign-in from Microsoft Entra."""
    from web.customer.consent import consent_callback as handler

    return respond(req, handler)


@bp.route("consent/admin", methods=["GET"])
def consent_admin(req: func.HttpRequest) -> func.HttpResponse:
    """The page where an administrator pre-approves the app."""
    from web.customer.consent import consent_admin as handler

    return respond(req, handler)


@bp.route("consent/admin", methods=["POST"])
def consent_admin_start(req: func.HttpRequest) -> func.HttpResponse:
    """Redirect an administrator to Microsoft Entra."""
    from web.customer.consent import consent_admin_start as handler

    return respond(req, handler)


@bp.route("consent/admin/callback", methods=["GET"])
def consent_admin_callback(req: func.HttpRequest) -> func.HttpResponse:
    """Receive the result of an administrator's approval; nothing in the query string is trusted."""
    from web.customer.consent import consent_admin_callback as handler

    return respond(req, handler)


@bp.route("mail-address", methods=["POST"])
def mail_address_enter(req: func.HttpRequest) -> func.HttpResponse:
    """Send a confirmation link to an address for the user's notifications."""
    from web.customer.mail_address import mail_address_enter as handler

    return respond(req, handler)


@bp.route("mail-address/{code}", methods=["GET"])
def mail_address_link(req: func.HttpRequest) -> func.HttpResponse:
    """Show the page behind a confirmation link."""
    from web.customer.mail_address import mail_address_link as handler

    return respond(req, handler)


@bp.route("mail-address/{code}", methods=["POST"])
def mail_address_confirm(req: func.HttpRequest) -> func.HttpResponse:
    """Send the user's notifications to a confirmed address from now on."""
    from web.customer.mail_address import mail_address_confirm as handler

    return respond(req, handler)


@bp.route("signout", methods=["POST"])
def signout(req: func.HttpRequest) -> func.HttpResponse:
    """End the session."""
    from web.customer.landing import signout as handler

    return respond(req, handler)


@bp.route("sessions", methods=["GET"])
def session_list(req: func.HttpRequest) -> func.HttpResponse:
    """The signed-in user's sessions."""
    from web.customer.sessions import session_list as handler

    return respond(req, handler)


@bp.route("sessions", methods=["POST"])
def session_end(req: func.HttpRequest) -> func.HttpResponse:
    """Sign out of one browser, or everywhere."""
    from web.customer.sessions import session_end as handler

    return respond(req, handler)


@bp.route("disconnect", methods=["GET"])
def disconnect_confirm(req: func.HttpRequest) -> func.HttpResponse:
    """The page that asks to confirm disconnecting."""
    from web.customer.consent import disconnect_confirm as handler

    return respond(req, handler)


@bp.route("disconnect", methods=["POST"])
def disconnect(req: func.HttpRequest) -> func.HttpResponse:
    """Disconnect: delete the refresh token and end all sessions."""
    from web.customer.consent import disconnect as handler

    return respond(req, handler)


@bp.route("scans", methods=["POST"])
def scan_start(req: func.HttpRequest) -> func.HttpResponse:
    """Start a scan."""
    from web.customer.scans import scan_start as handler

    return respond(req, handler)


@bp.route("scans", methods=["GET"])
def scan_list(req: func.HttpRequest) -> func.HttpResponse:
    """The signed-in user's scans."""
    from web.customer.scans import scan_list as handler

    return respond(req, handler)


@bp.route("scans/{scan_id}", methods=["GET"])
def scan_overview(req: func.HttpRequest) -> func.HttpResponse:
    """The overview of a scan, or its progress while it runs."""
    from web.customer.overview import scan_overview as handler

    return respond(req, handler)


@bp.route("scans/{scan_id}/report", methods=["GET"])
def scan_report(req: func.HttpRequest) -> func.HttpResponse:
    """The former address of the report: redirects to the overview."""
    from web.customer.scan_pages import former_report as handler

    return respond(req, handler)


@bp.route("scans/{scan_id}/inventory", methods=["GET"])
def scan_inventory(req: func.HttpRequest) -> func.HttpResponse:
    """The resources of a scan, by type and location."""
    from web.customer.read_data import scan_inventory as handler

    return respond(req, handler)


@bp.route("scans/{scan_id}/recommendations", methods=["GET"])
def scan_recommendations(req: func.HttpRequest) -> func.HttpResponse:
    """Azure's own recommendations."""
    from web.customer.read_data import scan_recommendations as handler

    return respond(req, handler)


@bp.route("scans/{scan_id}/coverage", methods=["GET"])
def scan_coverage(req: func.HttpRequest) -> func.HttpResponse:
    """What a scan read, and what is missing."""
    from web.customer.read_data import scan_coverage as handler

    return respond(req, handler)


@bp.route("scans/{scan_id}/changes", methods=["GET"])
def scan_changes(req: func.HttpRequest) -> func.HttpResponse:
    """What moved from one month to the next, and a forecast."""
    from web.customer.changes import scan_changes as handler

    return respond(req, handler)


@bp.route("scans/{scan_id}/costs", methods=["GET"])
def scan_costs(req: func.HttpRequest) -> func.HttpResponse:
    """The costs of a scan."""
    from web.customer.costs import scan_costs as handler

    return respond(req, handler)


@bp.route("scans/{scan_id}/savings", methods=["GET"])
def scan_savings(req: func.HttpRequest) -> func.HttpResponse:
    """The published findings of a scan, by what they save."""
    from web.customer.savings import scan_savings as handler

    return respond(req, handler)


@bp.route("savings-history", methods=["GET"])
def savings_history(req: func.HttpRequest) -> func.HttpResponse:
    """What the findings of all reviews have saved to date."""
    from web.customer.savings_history import savings_history_page as handler

    return respond(req, handler)


@bp.route("scans/{scan_id}/findings", methods=["GET"])
def scan_findings(req: func.HttpRequest) -> func.HttpResponse:
    """The former address of the findings: redirects to the savings."""
    from web.customer.scan_pages import former_findings as handler

    return respond(req, handler)


@bp.route("scans/{scan_id}/findings/{finding_id}/decision", methods=["POST"])
def finding_decision(req: func.HttpRequest) -> func.HttpResponse:
    """Save the customer's decision about a finding."""
    from web.customer.findings import finding_decision as handler

    return respond(req, handler)


@bp.route("scans/{scan_id}/findings/{finding_id}/plan", methods=["POST"])
def finding_plan(req: func.HttpRequest) -> func.HttpResponse:
    """Save the customer's plan for a finding: owner, due date, note."""
    from web.customer.findings import finding_plan as handler

    return respond(req, handler)


@bp.route("scans/{scan_id}/board", methods=["GET"])
def scan_board(req: func.HttpRequest) -> func.HttpResponse:
    """The overview and the findings in full, to print."""
    from web.customer.overview import board_document as handler

    return respond(req, handler)


@bp.route("scans/{scan_id}/export/report.xlsx", methods=["GET"])
def scan_workbook(req: func.HttpRequest) -> func.HttpResponse:
    """Download the report as an Excel workbook."""
    from web.customer.exports import report_workbook as handler

    return respond(req, handler)


@bp.route("scans/{scan_id}/export/costs.csv", methods=["GET"])
def scan_costs_csv(req: func.HttpRequest) -> func.HttpResponse:
    """Download the cost rows as CSV."""
    from web.customer.exports import costs_csv as handler

    return respond(req, handler)


@bp.route("scans/{scan_id}/export/costs-focus.csv", methods=["GET"])
def scan_costs_focus_csv(req: func.HttpRequest) -> func.HttpResponse:
    """Download the cost rows as CSV with the column names of FOCUS."""
    from web.customer.exports import focus_costs_csv as handler

    return respond(req, handler)


@bp.route("scans/{scan_id}/export/findings.csv", methods=["GET"])
def scan_findings_csv(req: func.HttpRequest) -> func.HttpResponse:
    """Download the findings as CSV."""
    from web.customer.exports import findings_csv as handler

    return respond(req, handler)


@bp.route("scans/{scan_id}/export/coverage.csv", methods=["GET"])
def scan_coverage_csv(req: func.HttpRequest) -> func.HttpResponse:
    """Download what was read of each subscription as CSV."""
    from web.customer.exports import coverage_csv as handler

    return respond(req, handler)


@bp.route("static/{name}", methods=["GET"])
def static(req: func.HttpRequest) -> func.HttpResponse:
    """Stylesheets, scripts and the icon."""
    from web.http.static_files import static as handler

    return respond(req, handler)


@bp.route("healthz", methods=["GET"])
def health(req: func.HttpRequest) -> func.HttpResponse:
    """Liveness check."""
    from web.http.health import health as handler

    return respond(req, handler)


@bp.route("readyz", methods=["GET"], auth_level=func.AuthLevel.FUNCTION)
def readiness(req: func.HttpRequest) -> func.HttpResponse:
    """Readiness check of the app's dependencies; requires the function key."""
    from web.http.health import readiness as handler

    return respond(req, handler)


@bp.route("{*path}")
def zz_not_found(req: func.HttpRequest) -> func.HttpResponse:
    """The page for every other address. Its name sorts last: the host takes the first matching route by name."""
    from web.rendering.pages import not_found as handler

    return respond(req, handler)
