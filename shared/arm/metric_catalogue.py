"""The metrics that can be requested, by resource type: only CPU, memory, network and storage.

https://learn.microsoft.com/azure/azure-monitor/reference/metrics-index
"""

from dataclasses import dataclass
from enum import StrEnum


class MetricGroup(StrEnum):
    """What a metric measures."""

    CPU = "CPU"
    MEMORY = "Memory"
    NETWORK = "Network"
    STORAGE = "Storage"


class Statistic(StrEnum):
    """Azure's aggregation for a data point: amounts are summed over an interval, loads averaged."""

    AVERAGE = "average"
    TOTAL = "total"


@dataclass(frozen=True)
class Metric:
    """One metric by Azure's name."""

    name: str
    group: MetricGroup
    statistic: Statistic = Statistic.AVERAGE


def _metrics(group: MetricGroup, *names: str, statistic: Statistic = Statistic.AVERAGE) -> tuple[Metric, ...]:
    return tuple(Metric(name, group, statistic) for name in names)


METRICS: dict[str, tuple[Metric, ...]] = {
    "microsoft.compute/virtualmachines": (
        *_metrics(MetricGroup.CPU, "Percentage CPU"),
        *_metrics(MetricGroup.MEMORY, "Available Memory Percentage", "Available Memory Bytes"),
        *_metrics(MetricGroup.NETWORK, "Network In Total", "Network Out Total", statistic=Statistic.TOTAL),
        *_metrics(MetricGroup.STORAGE, "OS Disk IOPS Consumed Percentage", "Data Disk IOPS Consumed Percentage"),
    ),
    "microsoft.sql/servers/databases": (
        *_metrics(MetricGroup.CPU, "cpu_percent", "dtu_consumption_percent"),
        *_metrics(MetricGroup.MEMORY, "sql_instance_memory_percent"),
        *_metrics(MetricGroup.STORAGE, "storage_percent", "storage"),
    ),
    "microsoft.web/serverfarms": (
        *_metrics(MetricGroup.CPU, "CpuPercentage"),
        *_metrics(MetricGroup.MEMORY, "MemoryPercentage"),
        *_metrics(MetricGroup.NETWORK, "BytesReceived", "BytesSent", statistic=Statistic.TOTAL),
    ),
    "microsoft.storage/storageaccounts": (
        *_metrics(MetricGroup.NETWORK, "Ingress", "Egress", statistic=Statistic.TOTAL),
        *_metrics(MetricGroup.STORAGE, "UsedCapacity"),
        *_metrics(MetricGroup.STORAGE, "Transactions", statistic=Statistic.TOTAL),
    ),
    "microsoft.containerservice/managedclusters": (
        *_metrics(MetricGroup.CPU, "node_cpu_usage_percentage"),
        *_metrics(MetricGroup.MEMORY, "node_memory_working_set_percentage"),
        *_metrics(MetricGroup.NETWORK, "node_network_in_bytes", "node_network_out_bytes"),
        *_metrics(MetricGroup.STORAGE, "node_disk_usage_percentage"),
    ),
}
"""Metrics by lower-case type. At most 20 per type: the limit of one call."""
