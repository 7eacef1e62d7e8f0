"""The routes of retention and of customers' rights at the desk; those of customers are for administrators alone."""

import azure.functions as func

from web.adapter import Pages, respond

bp = Pages()


@bp.route("desk/retention", methods=["GET"])
def desk_retention(req: func.HttpRequest) -> func.HttpResponse:
    """What was deleted, what is due, whether the timer runs."""
    from web.desk.retention import desk_retention as handler

    return respond(req, handler)


@bp.route("desk/customers", methods=["GET"])
def desk_customers(req: func.HttpRequest) -> func.HttpResponse:
    """Finding a customer."""
    from web.desk.customers import desk_customers as handler

    return respond(req, handler)


@bp.route("desk/customers/{tenant_id}", methods=["GET"])
def desk_customer(req: func.HttpRequest) -> func.HttpResponse:
    """What is held of one customer."""
    from web.desk.customers import desk_customer_page as handler

    return respond(req, handler)


@bp.route("desk/customers/{tenant_id}/audit", methods=["POST"])
def desk_customer_audit(req: func.HttpRequest) -> func.HttpResponse:
    """An extract of a customer's activity log."""
    from web.desk.customer_files import desk_customer_audit as handler

    return respond(req, handler)


@bp.route("desk/customers/{tenant_id}/data", methods=["POST"])
def desk_customer_data(req: func.HttpRequest) -> func.HttpResponse:
    """An extract of a customer's data."""
    from web.desk.customer_files import desk_customer_data as handler

    return respond(req, handler)


@bp.route("desk/customers/{tenant_id}/delete", methods=["GET"])
def desk_customer_deletion(req: func.HttpRequest) -> func.HttpResponse:
    """What would be deleted, and the form."""
    from web.desk.customer_deletion import desk_customer_deletion as handler

    return respond(req, handler)


@bp.route("desk/customers/{tenant_id}/delete", methods=["POST"])
def desk_customer_delete(req: func.HttpRequest) -> func.HttpResponse:
    """Deletes a customer's data on request by mail."""
    from web.desk.customer_deletion import desk_customer_delete as handler

    return respond(req, handler)


@bp.route("desk/customers/{tenant_id}/receipts/{receipt_id}", methods=["GET"])
def desk_customer_receipt(req: func.HttpRequest) -> func.HttpResponse:
    """What became of a deletion, and what to answer the customer."""
    from web.desk.customer_deletion import desk_customer_receipt as handler

    return respond(req, handler)
