"""What Azure refuses for good: blocked or not available, with what the customer can do; the rest is read."""

from shared.arm.errors import VIEW_CHARGES
from shared.arm.request import Json
from tests.faults.matrix.azure import Azure, Call, Spoil, arm_error
from tests.faults.matrix.fault import Ends, Expected, Fault, blocked, failed, never, only, skipped
from tests.faults.matrix.front import Reply
from tests.faults.matrix.truth import KINDS, LISTING

GROUP = "Azure refuses, for good"
READER, COST_READER = "Reader", "Cost Management Reader"
COST_SUBJECTS = tuple(kind.name for kind in KINDS if kind.endpoint.role == COST_READER)
NOT_LISTED = {LISTING: never("said of a subscription, not of the list of them")}
OF_COSTS = only(*COST_SUBJECTS, why="said of cost data only")
ONLY_COSTS = only("costs", why="Cost Management's query alone answers so")
ROLES: dict[str, Expected] = dict.fromkeys(COST_SUBJECTS, blocked(COST_READER))
UNREGISTERED = {**NOT_LISTED, "inventory": never("Resource Graph needs no registration in a subscription")}
LISTED = {LISTING: Expected(Ends.BLOCKED, "then scan again")}


def refused(status: int, code: str, text: str = "Refused.", page: int = 0) -> Spoil:
    """Refused from this page on, for ever."""

    def corrupted(_: Azure, call: Call, __: Json) -> Reply | None:
        return arm_error(status, code, text) if call.page >= page else None

    return corrupted


def lasting_null(_: Azure, __: Call, ___: Json) -> Reply:
    return arm_error(404, "NotFound", "GtmDimensionDataProvider.GetDimensionData returns null")


def not_offered(name: str, status: int, code: str, text: str = "Refused.") -> Fault:
    """Not for this agreement."""
    return Fault(GROUP, name, skipped("does not offer this data"), OF_COSTS, refused(status, code, text))


def page_of_a_gateway(_: Azure, __: Call, ___: Json) -> Reply:
    return Reply(403, b"<!doctype html><h1>Forbidden</h1>", {"Content-Type": "text/html"})


FAULTS = (
    Fault(
        GROUP,
        "403 DisallowedOperation",
        skipped("(code DisallowedOperation). No role would change that"),
        NOT_LISTED,
        refused(403, "DisallowedOperation"),
    ),
    Fault(
        GROUP,
        "403 with a code never seen",
        failed("status 403 and the code SomethingNew", alert="unexpected-payload"),
        spoil=refused(403, "SomethingNew"),
    ),
    Fault(
        GROUP,
        "403 with a gateway's page, for good",
        failed("status 403 and no explanation", alert="unexpected-payload"),
        spoil=page_of_a_gateway,
    ),
    Fault(
        GROUP,
        "404 “not supported for subscription(s)” for good",
        skipped("does not mean zero cost"),
        ONLY_COSTS,
        lambda *_: arm_error(404, "NotFound", "Cost management data is not supported for subscription(s) x"),
    ),
    Fault(GROUP, "401 RBACAccessDenied", blocked(COST_READER), OF_COSTS, refused(401, "RBACAccessDenied")),
    Fault(GROUP, "403 AuthorizationFailed", blocked(READER), ROLES | LISTED, refused(403, "AuthorizationFailed")),
    Fault(
        GROUP,
        "403 AuthorizationFailed from the second page on",
        blocked(READER),
        ROLES | LISTED,
        refused(403, "AuthorizationFailed", page=1),
    ),
    Fault(GROUP, "404 SubscriptionNotFound", blocked(READER), ROLES | NOT_LISTED, refused(404, "SubscriptionNotFound")),
    *(
        Fault(GROUP, f"400 {code}", blocked(VIEW_CHARGES), OF_COSTS, refused(400, code))
        for code in ("AccountCostDisabled", "IndirectCostDisabled", "SubscriptionCostDisabled")
    ),
    not_offered("400 offer not supported", 400, "BadRequest", "The offer MS-AZR-0243P is not supported"),
    not_offered("422 NonValidWebDirectAIRSOfferType", 422, "NonValidWebDirectAIRSOfferType"),
    not_offered("424 failed dependency", 424, "FailedDependency"),
    not_offered("404 NoValidSubscriptions", 404, "NoValidSubscriptions"),
    Fault(GROUP, "404 “returns null” for good", skipped("does not mean zero cost"), ONLY_COSTS, lasting_null),
    Fault(
        GROUP,
        "409 the resource provider is not registered",
        skipped("not registered"),
        UNREGISTERED,
        refused(409, "MissingSubscriptionRegistration"),
    ),
    Fault(
        GROUP,
        "401 the subscription is another tenant's now",
        skipped("another tenant"),
        NOT_LISTED,
        refused(401, "InvalidAuthenticationTokenTenant"),
    ),
)
