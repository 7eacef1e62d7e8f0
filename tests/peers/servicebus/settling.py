"""What becomes of a delivered message: by its link, or by its lock token over the management node."""

from proton import Described

from local.queue import LockedMessage, LockLost
from tests.peers.amqp.frames import error
from tests.peers.amqp.links import ACCEPTED, MODIFIED, REJECTED, RELEASED, reject
from tests.peers.amqp.values import AmqpValue, described
from tests.peers.servicebus.broker import Broker, as_error

UNDELIVERABLE_HERE = 1
INFO = 2


def settle(broker: Broker, message: LockedMessage, state: Described) -> Described:
    """Applies the outcome and says it again, as Service Bus does; a lost lock is rejected with its error."""
    broker.held.pop(message.lock_token, None)
    try:
        match state.descriptor:
            case int(code) if code == ACCEPTED:
                broker.queue.complete(message)
            case int(code) if code == RELEASED:
                broker.queue.release(message)
            case int(code) if code == REJECTED:
                broker.queue.dead_letter(message, *_reasons(state))
                return described(REJECTED, [])
            case int(code) if code == MODIFIED and not _is_deferred(state):
                broker.queue.abandon(message)
            case _:
                return reject(error("amqp:not-implemented", "This peer does not defer messages."))
    except LockLost as lost:
        return reject(as_error(lost))
    return state


def _is_deferred(modified: Described) -> bool:
    return len(modified.value) > UNDELIVERABLE_HERE and bool(modified.value[UNDELIVERABLE_HERE])


def _reasons(rejected: Described) -> tuple[str, str]:
    """The reason and the description out of the error's info map."""
    info: dict[str, AmqpValue] = rejected.value[0].value[INFO] if rejected.value else {}
    return info.get("DeadLetterReason") or "", info.get("DeadLetterErrorDescription") or ""
