"""All rules, in the order in which drafts are listed."""

from findings.rule import AdvisorRule, CommitmentRule, Rule
from findings.rules import (
    advisor_right_sizing,
    disconnected_private_endpoints,
    disks_of_deallocated_machines,
    empty_app_service_plans,
    empty_elastic_pools,
    hybrid_benefit_sql,
    hybrid_benefit_windows,
    idle_application_gateways,
    idle_load_balancers,
    old_snapshots,
    orphan_network_interfaces,
    orphan_security_groups,
    public_ips_on_orphan_interfaces,
    reservations,
    savings_plans,
    stopped_machines,
    unattached_disks,
    unused_ddos_plans,
    unused_nat_gateways,
    unused_network_gateways,
    unused_public_ips,
)
from shared.sql.collected.recommendations import ReservationRecommendation, SavingsPlanRecommendation

RULES: tuple[Rule, ...] = (
    unattached_disks.RULE,
    disks_of_deallocated_machines.RULE,
    old_snapshots.RULE,
    stopped_machines.RULE,
    empty_app_service_plans.RULE,
    empty_elastic_pools.RULE,
    idle_application_gateways.RULE,
    idle_load_balancers.RULE,
    unused_network_gateways.RULE,
    unused_nat_gateways.RULE,
    unused_ddos_plans.RULE,
    unused_public_ips.RULE,
    public_ips_on_orphan_interfaces.RULE,
    disconnected_private_endpoints.RULE,
    hybrid_benefit_windows.RULE,
    hybrid_benefit_sql.RULE,
    orphan_network_interfaces.RULE,
    orphan_security_groups.RULE,
)

ADVISOR_RULES: tuple[AdvisorRule, ...] = (advisor_right_sizing.RULE,)

RESERVATION_RULE: CommitmentRule[ReservationRecommendation] = reservations.RULE
SAVINGS_PLAN_RULE: CommitmentRule[SavingsPlanRecommendation] = savings_plans.RULE
