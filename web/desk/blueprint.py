"""Every route of the review desk, once. To whoever has no role there each answers like an unknown address."""

import azure.functions as func

from web.adapter import Pages, respond

bp = Pages()


@bp.route("desk", methods=["GET"])
def desk_queue(req: func.HttpRequest) -> func.HttpResponse:
    """The scans that wait for review."""
    from web.desk.reviews import desk_queue as handler

    return respond(req, handler)


@bp.route("desk/sign-in", methods=["GET"])
def desk_sign_in_page(req: func.HttpRequest) -> func.HttpResponse:
    """Where operators sign in."""
    from web.desk.sign_in import desk_sign_in_page as handler

    return respond(req, handler)


@bp.route("desk/sign-in", methods=["POST"])
def desk_sign_in(req: func.HttpRequest) -> func.HttpResponse:
    """Off to Entra, to our own tenant."""
    from web.desk.sign_in import desk_sign_in as handler

    return respond(req, handler)


@bp.route("desk/callback", methods=["GET"])
def desk_callback(req: func.HttpRequest) -> func.HttpResponse:
    """Back from Entra."""
    from web.desk.sign_in import desk_callback as handler

    return respond(req, handler)


@bp.route("desk/sign-out", methods=["POST"])
def desk_sign_out(req: func.HttpRequest) -> func.HttpResponse:
    """Ends the operator's session."""
    from web.desk.sign_in import desk_sign_out as handler

    return respond(req, handler)


@bp.route("desk/scans/{scan_id}", methods=["GET"])
def desk_scan(req: func.HttpRequest) -> func.HttpResponse:
    """The workbench of one scan."""
    from web.desk.scan import desk_scan_page as handler

    return respond(req, handler)


@bp.route("desk/scans/{scan_id}/take", methods=["POST"])
def desk_take(req: func.HttpRequest) -> func.HttpResponse:
    """A scan that nobody has becomes the operator's."""
    from web.desk.reviews import desk_take as handler

    return respond(req, handler)


@bp.route("desk/scans/{scan_id}/hand-over", methods=["POST"])
def desk_hand_over(req: func.HttpRequest) -> func.HttpResponse:
    """A scan gets another reviewer, or none."""
    from web.desk.reviews import desk_hand_over as handler

    return respond(req, handler)


@bp.route("desk/scans/{scan_id}/recommendations", methods=["GET"])
def desk_recommendations(req: func.HttpRequest) -> func.HttpResponse:
    """What Azure recommends."""
    from web.desk.scan import desk_recommendations as handler

    return respond(req, handler)


@bp.route("desk/scans/{scan_id}/costs", methods=["GET"])
def desk_costs(req: func.HttpRequest) -> func.HttpResponse:
    """Exploring the costs."""
    from web.desk.costs import desk_costs as handler

    return respond(req, handler)


@bp.route("desk/scans/{scan_id}/inventory", methods=["GET"])
def desk_inventory(req: func.HttpRequest) -> func.HttpResponse:
    """Looking for resources."""
    from web.desk.inventory import desk_inventory as handler

    return respond(req, handler)


@bp.route("desk/scans/{scan_id}/jobs", methods=["GET"])
def desk_jobs(req: func.HttpRequest) -> func.HttpResponse:
    """Every job of a scan, and the form for a re-pull."""
    from web.desk.jobs import desk_jobs as handler

    return respond(req, handler)


@bp.route("desk/scans/{scan_id}/jobs/{job_id}", methods=["GET"])
def desk_job(req: func.HttpRequest) -> func.HttpResponse:
    """One job: its progress and what came of it."""
    from web.desk.jobs import desk_job as handler

    return respond(req, handler)


@bp.route("desk/scans/{scan_id}/repull", methods=["POST"])
def desk_repull(req: func.HttpRequest) -> func.HttpResponse:
    """Asks for steps to be read anew."""
    from web.desk.jobs import desk_repull as handler

    return respond(req, handler)


@bp.route("desk/scans/{scan_id}/query", methods=["GET"])
def desk_query(req: func.HttpRequest) -> func.HttpResponse:
    """The forms of ad-hoc queries."""
    from web.desk.queries import desk_query as handler

    return respond(req, handler)


@bp.route("desk/scans/{scan_id}/query/resources", methods=["POST"])
def desk_query_resources(req: func.HttpRequest) -> func.HttpResponse:
    """Asks Resource Graph."""
    from web.desk.queries import desk_query_resources as handler

    return respond(req, handler)


@bp.route("desk/scans/{scan_id}/query/costs", methods=["POST"])
def desk_query_costs(req: func.HttpRequest) -> func.HttpResponse:
    """Asks Cost Management."""
    from web.desk.queries import desk_query_costs as handler

    return respond(req, handler)


@bp.route("desk/scans/{scan_id}/metrics", methods=["GET"])
def desk_metrics(req: func.HttpRequest) -> func.HttpResponse:
    """Which resources there are metrics of."""
    from web.desk.metrics import desk_metrics as handler

    return respond(req, handler)


@bp.route("desk/scans/{scan_id}/metrics", methods=["POST"])
def desk_metrics_fetch(req: func.HttpRequest) -> func.HttpResponse:
    """Asks for metrics of chosen resources."""
    from web.desk.metrics import desk_metrics_fetch as handler

    return respond(req, handler)


@bp.route("desk/dead-letters", methods=["GET"])
def desk_dead_letters(req: func.HttpRequest) -> func.HttpResponse:
    """Messages that could not be worked on."""
    from web.desk.dead_letters import desk_dead_letters as handler

    return respond(req, handler)


@bp.route("desk/dead-letters/{letter_id}/replay", methods=["POST"])
def desk_dead_letter_replay(req: func.HttpRequest) -> func.HttpResponse:
    """Sends one of them again."""
    from web.desk.dead_letters import desk_dead_letter_replay as handler

    return respond(req, handler)
