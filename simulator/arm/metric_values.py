"""Generates metrics: the same for the same resource and hour, with days, nights, gaps and real zeros."""

import hashlib
import math
from datetime import datetime

from simulator.estate.resources import Resource

UNITS: dict[str, dict[str, str]] = {
    "microsoft.compute/virtualmachines": {
        "Percentage CPU": "Percent",
        "Available Memory Percentage": "Percent",
        "Available Memory Bytes": "Bytes",
        "Network In Total": "Bytes",
        "Network Out Total": "Bytes",
        "Disk Read Bytes": "Bytes",
        "Disk Write Bytes": "Bytes",
        "OS Disk IOPS Consumed Percentage": "Percent",
        "Data Disk IOPS Consumed Percentage": "Percent",
    },
    "microsoft.sql/servers/databases": {
        "cpu_percent": "Percent",
        "dtu_consumption_percent": "Percent",
        "storage": "Bytes",
        "storage_percent": "Percent",
        "sql_instance_memory_percent": "Percent",
    },
    "microsoft.web/serverfarms": {
        "CpuPercentage": "Percent",
        "MemoryPercentage": "Percent",
        "BytesReceived": "Bytes",
        "BytesSent": "Bytes",
    },
    "microsoft.storage/storageaccounts": {
        "UsedCapacity": "Bytes",
        "Transactions": "Count",
        "Ingress": "Bytes",
        "Egress": "Bytes",
    },
    "microsoft.containerservice/managedclusters": {
        "node_cpu_usage_percentage": "Percent",
        "node_memory_working_set_percentage": "Percent",
        "node_network_in_bytes": "Bytes",
        "node_network_out_bytes": "Bytes",
        "node_disk_usage_percentage": "Percent",
    },
}
"""By type, in lower case, as Azure's reference of metrics lists them."""

DEALLOCATED_EVERY = 6
"""Virtual machines that do not run, as in their records."""

SAMPLES_AN_HOUR = 60


def value_of(resource: Resource, name: str, at: datetime) -> dict[str, float] | None:
    """Every aggregation of one hour; None without a value."""
    if resource.kind.alias == "vm" and resource.index % DEALLOCATED_EVERY == 0:
        return None
    if name == "dtu_consumption_percent" and not (resource.sku or "").startswith("S"):
        return None
    draw = _draw(f"{resource.resource_id}/{name}/{at:%Y%m%d%H}")
    if draw < 0.01:
        return None
    level = _draw(f"{resource.resource_id}/{name}")
    average = _average(name, level, at, draw)
    highest = 100.0 if "ercent" in name else math.inf
    return {
        "average": round(average, 6),
        "minimum": round(average * 0.4, 6),
        "maximum": round(min(highest, average * (1.2 + draw)), 6),
        "total": round(average * SAMPLES_AN_HOUR, 6),
        "count": float(SAMPLES_AN_HOUR),
    }


def _average(name: str, level: float, at: datetime, draw: float) -> float:
    """A share of the usual value; idle resources have hours of exactly zero."""
    rhythm = 0.55 + 0.45 * math.sin((at.hour - 9) / 24 * 2 * math.pi) * (1 if at.weekday() < 5 else 0.3)
    if level < 0.15 and draw < 0.5:
        return 0.0
    share = level * (0.6 + 0.4 * rhythm) * (0.85 + 0.3 * draw)
    is_percent = "ercent" in name
    return min(99.0, share * 80) if is_percent else share * 4e8


def _draw(seed: str) -> float:
    """A number from 0 to 1."""
    return int.from_bytes(hashlib.blake2b(seed.encode(), digest_size=6).digest(), "big") / 2**48
