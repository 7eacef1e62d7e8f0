"""The routes of the review desk. Without a desk role, each answers 404 like an unknown address."""

import azure.functions as func

from web.adapter import Pages, respond

bp = Pages()


@bp.route("desk", methods=["GET"])
def desk_queue(req: func.HttpRequest) -> func.HttpResponse:
    """List the scans to review."""
    from web.desk.reviews import desk_queue as handler

    return respond(req, handler)


@bp.route("desk/sign-in", methods=["GET"])
def desk_sign_in_page(req: func.HttpRequest) -> func.HttpResponse:
    """Show the operators' sign-in page."""
    from web.desk.sign_in import desk_sign_in_page as handler

    return respond(req, handler)


@bp.route("desk/sign-in", methods=["POST"])
def desk_sign_in(req: func.HttpRequest) -> func.HttpResponse:
    """Redirect to the Microsoft Entra sign-in page of our own tenant."""
    from web.desk.sign_in import desk_sign_in as handler

    return respond(req, handler)


@bp.route("desk/callback", methods=["GET"])
def desk_callback(req: func.HttpRequest) -> func.HttpResponse:
    """Handle the redirect back from Microsoft Entra."""
    from web.desk.sign_in import desk_callback as handler

    return respond(req, handler)


@bp.route("desk/sign-out", methods=["POST"])
def desk_sign_out(req: func.HttpRequest) -> func.HttpResponse:
    """End the operator's session."""
    from web.desk.sign_in import desk_sign_out as handler

    return respond(req, handler)


@bp.route("desk/sessions", methods=["GET"])
def desk_sessions(req: func.HttpRequest) -> func.HttpResponse:
    """List the operator's own sessions."""
    from web.desk.sessions import desk_sessions as handler

    return respond(req, handler)


@bp.route("desk/sessions", methods=["POST"])
def desk_session_end(req: func.HttpRequest) -> func.HttpResponse:
    """Sign out of one browser, or everywhere."""
    from web.desk.sessions import desk_session_end as handler

    return respond(req, handler)


@bp.route("desk/scans/{scan_id}", methods=["GET"])
def desk_scan(req: func.HttpRequest) -> func.HttpResponse:
    """Show the overview of a scan."""
    from web.desk.scan import desk_scan_page as handler

    return respond(req, handler)


@bp.route("desk/scans/{scan_id}/claim", methods=["POST"])
def desk_claim(req: func.HttpRequest) -> func.HttpResponse:
    """Claim a review that has no reviewer."""
    from web.desk.reviews import desk_claim as handler

    return respond(req, handler)


@bp.route("desk/scans/{scan_id}/assign", methods=["POST"])
def desk_assign(req: func.HttpRequest) -> func.HttpResponse:
    """Assign a review to another reviewer, or to none."""
    from web.desk.reviews import desk_assign as handler

    return respond(req, handler)


@bp.route("desk/scans/{scan_id}/recommendations", methods=["GET"])
def desk_recommendations(req: func.HttpRequest) -> func.HttpResponse:
    """Show Azure's recommendations."""
    from web.desk.scan import desk_recommendations as handler

    return respond(req, handler)


@bp.route("desk/scans/{scan_id}/costs", methods=["GET"])
def desk_costs(req: func.HttpRequest) -> func.HttpResponse:
    """Explore the costs."""
    from web.desk.costs import desk_costs as handler

    return respond(req, handler)


@bp.route("desk/scans/{scan_id}/inventory", methods=["GET"])
def desk_inventory(req: func.HttpRequest) -> func.HttpResponse:
    """Search the inventory."""
    from web.desk.inventory import desk_inventory as handler

    return respond(req, handler)


@bp.route("desk/scans/{scan_id}/raw-pages/{step_id}/{page}", methods=["GET"])
def desk_raw_page(req: func.HttpRequest) -> func.HttpResponse:
    """Download a raw page."""
    from web.desk.stored_pages import desk_raw_page as handler

    return respond(req, handler)


@bp.route("desk/scans/{scan_id}/jobs", methods=["GET"])
def desk_jobs(req: func.HttpRequest) -> func.HttpResponse:
    """List the jobs of a scan and show the re-pull form."""
    from web.desk.jobs import desk_jobs as handler

    return respond(req, handler)


@bp.route("desk/scans/{scan_id}/jobs/{job_id}", methods=["GET"])
def desk_job(req: func.HttpRequest) -> func.HttpResponse:
    """Show the progress and result of a job."""
    from web.desk.jobs import desk_job as handler

    return respond(req, handler)


@bp.route("desk/scans/{scan_id}/repull", methods=["POST"])
def desk_repull(req: func.HttpRequest) -> func.HttpResponse:
    """Request a re-pull of steps."""
    from web.desk.jobs import desk_repull as handler

    return respond(req, handler)


@bp.route("desk/scans/{scan_id}/query", methods=["GET"])
def desk_query(req: func.HttpRequest) -> func.HttpResponse:
    """Show the forms for ad-hoc queries."""
    from web.desk.queries import desk_query as handler

    return respond(req, handler)


@bp.route("desk/scans/{scan_id}/query/resources", methods=["POST"])
def desk_query_resources(req: func.HttpRequest) -> func.HttpResponse:
    """Request a Resource Graph query."""
    from web.desk.queries import desk_query_resources as handler

    return respond(req, handler)


@bp.route("desk/scans/{scan_id}/query/costs", methods=["POST"])
def desk_query_costs(req: func.HttpRequest) -> func.HttpResponse:
    """Request a Cost Management query."""
    from web.desk.queries import desk_query_costs as handler

    return respond(req, handler)


@bp.route("desk/scans/{scan_id}/metrics", methods=["GET"])
def desk_metrics(req: func.HttpRequest) -> func.HttpResponse:
    """List the resources with supported metrics."""
    from web.desk.metrics import desk_metrics as handler

    return respond(req, handler)


@bp.route("desk/scans/{scan_id}/metrics", methods=["POST"])
def desk_metrics_fetch(req: func.HttpRequest) -> func.HttpResponse:
    """Request the metrics of selected resources."""
    from web.desk.metrics import desk_metrics_fetch as handler

    return respond(req, handler)


@bp.route("desk/dead-letters", methods=["GET"])
def desk_dead_letters(req: func.HttpRequest) -> func.HttpResponse:
    """List the messages that failed processing."""
    from web.desk.dead_letters import desk_dead_letters as handler

    return respond(req, handler)


@bp.route("desk/dead-letters/{letter_id}/replay", methods=["POST"])
def desk_dead_letter_replay(req: func.HttpRequest) -> func.HttpResponse:
    """Replay a dead letter."""
    from web.desk.dead_letters import desk_dead_letter_replay as handler

    return respond(req, handler)


@bp.route("desk/retention", methods=["GET"])
def desk_retention(req: func.HttpRequest) -> func.HttpResponse:
    """Show past and upcoming deletions and the state of the nightly timer."""
    from web.desk.retention import desk_retention as handler

    return respond(req, handler)


@bp.route("desk/customers", methods=["GET"])
def desk_customers(req: func.HttpRequest) -> func.HttpResponse:
    """Search customers."""
    from web.desk.customers import desk_customers as handler

    return respond(req, handler)


@bp.route("desk/customers/{tenant_id}", methods=["GET"])
def desk_customer(req: func.HttpRequest) -> func.HttpResponse:
    """Show the stored data of a customer."""
    from web.desk.customers import desk_customer_page as handler

    return respond(req, handler)


@bp.route("desk/customers/{tenant_id}/audit", methods=["POST"])
def desk_customer_audit(req: func.HttpRequest) -> func.HttpResponse:
    """Export a customer's activity log."""
    from web.desk.customer_export import desk_customer_audit as handler

    return respond(req, handler)


@bp.route("desk/customers/{tenant_id}/data", methods=["POST"])
def desk_customer_data(req: func.HttpRequest) -> func.HttpResponse:
    """Export a customer's data."""
    from web.desk.customer_export import desk_customer_data as handler

    return respond(req, handler)


@bp.route("desk/customers/{tenant_id}/sign-out", methods=["POST"])
def desk_customer_sign_out(req: func.HttpRequest) -> func.HttpResponse:
    """Sign all users of a customer out."""
    from web.desk.customer_sessions import desk_customer_sign_out as handler

    return respond(req, handler)


@bp.route("desk/customers/{tenant_id}/delete", methods=["GET"])
def desk_customer_deletion(req: func.HttpRequest) -> func.HttpResponse:
    """Show what would be deleted, and the form."""
    from web.desk.customer_deletion import desk_customer_deletion as handler

    return respond(req, handler)


@bp.route("desk/customers/{tenant_id}/delete", methods=["POST"])
def desk_customer_delete(req: func.HttpRequest) -> func.HttpResponse:
    """Delete a customer's data on request."""
    from web.desk.customer_deletion import desk_customer_delete as handler

    return respond(req, handler)


@bp.route("desk/customers/{tenant_id}/receipts/{receipt_id}", methods=["GET"])
def desk_customer_receipt(req: func.HttpRequest) -> func.HttpResponse:
    """Show the result of a deletion and the text of the reply."""
    from web.desk.customer_deletion import desk_customer_receipt as handler

    return respond(req, handler)
