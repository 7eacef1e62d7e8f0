"""Writes queues.json for servicebus.bicep: `python -m bicep.generate`.

https://learn.microsoft.com/azure/templates/microsoft.servicebus/namespaces/queues
"""

import json
from datetime import timedelta
from pathlib import Path

from collectors.registry import all_queues
from shared.messaging.queues import Queue

TARGET = Path(__file__).with_name("queues.json")


def iso_duration(duration: timedelta) -> str:
    """As ISO 8601 has it: PT5M; raises ValueError for what is not whole seconds of at least one."""
    seconds = duration.total_seconds()
    if seconds < 1 or not seconds.is_integer():
        raise ValueError(f"{duration} is no duration that Service Bus takes")
    minutes, second = divmod(int(seconds), 60)
    hours, minute = divmod(minutes, 60)
    day, hour = divmod(hours, 24)
    date = f"{day}D" if day else ""
    time = "".join(f"{value}{unit}" for value, unit in ((hour, "H"), (minute, "M"), (second, "S")) if value)
    return f"P{date}" + (f"T{time}" if time else "")


def as_json(queue: Queue) -> dict[str, str | int | bool | None]:
    """The queue's properties by the names that Azure Resource Manager has for them."""
    window = queue.duplicate_detection_window
    return {
        "name": queue.name,
        "lockDuration": iso_duration(queue.lock_duration),
        "maxDeliveryCount": queue.max_delivery_count,
        "requiresSession": queue.requires_session,
        "requiresDuplicateDetection": window is not None,
        "duplicateDetectionHistoryTimeWindow": None if window is None else iso_duration(window),
        "defaultMessageTimeToLive": iso_duration(queue.time_to_live),
        "forwardDeadLetteredMessagesTo": queue.forward_dead_lettered_to,
    }


def generated() -> str:
    """The text that queues.json is to have."""
    return json.dumps([as_json(queue) for queue in all_queues()], indent=2) + "\n"


def main() -> None:
    """Writes the file anew."""
    TARGET.write_text(generated(), encoding="utf-8")


if __name__ == "__main__":
    main()
