-- Recommendations._rows

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT advisor.sub_account_id, advisor.recommendation_id, advisor.recommendation_type_id, advisor.resource_id, advisor.impact, advisor.impacted_field, advisor.impacted_value, advisor.problem, advisor.solution, advisor.monthly_savings, advisor.annual_savings, advisor.savings_currency, advisor.term, advisor.look_back_days, advisor.benefit_scope, advisor.is_suppressed, advisor.last_updated, advisor.extended_properties_json
FROM advisor
WHERE advisor.row_id >= @p1 AND advisor.row_id < @p2 AND advisor.tenant_id = @p3 AND advisor.scan_id = @p4 ORDER BY advisor.row_id

GO

SELECT min(steps.step_id) AS min_1, max(steps.step_id) AS max_1
FROM steps
WHERE steps.tenant_id = @p1 AND steps.scan_id = @p2

GO

SELECT reservations.sub_account_id, reservations.kind, reservations.benefit_scope, reservations.resource_type, reservations.sku_name, reservations.region_id, reservations.term, reservations.look_back_days, reservations.recommended_quantity, reservations.cost_without_benefit, reservations.cost_with_benefit, reservations.net_savings, reservations.currency
FROM reservations
WHERE reservations.row_id >= @p1 AND reservations.row_id < @p2 AND reservations.tenant_id = @p3 AND reservations.scan_id = @p4 ORDER BY reservations.row_id

GO

SELECT savings_plans.sub_account_id, savings_plans.benefit_scope, savings_plans.term, savings_plans.look_back_days, savings_plans.sku_name, savings_plans.hourly_commitment, savings_plans.cost_without_benefit, savings_plans.cost_with_benefit, savings_plans.net_savings, savings_plans.average_utilization_percent, savings_plans.coverage_percent, savings_plans.currency
FROM savings_plans
WHERE savings_plans.row_id >= @p1 AND savings_plans.row_id < @p2 AND savings_plans.tenant_id = @p3 AND savings_plans.scan_id = @p4 ORDER BY savings_plans.row_id

GO

-- Recommendations.cost_sums

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT costs.billing_currency, sum(costs.billed_cost) AS billed_cost
FROM costs
WHERE costs.row_id >= @p1 AND costs.row_id < @p2 AND costs.tenant_id = @p3 AND costs.scan_id = @p4 GROUP BY costs.billing_currency

GO

SELECT min(steps.step_id) AS min_1, max(steps.step_id) AS max_1
FROM steps
WHERE steps.tenant_id = @p1 AND steps.scan_id = @p2

GO

-- Recommendations.inventory_counts

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT inventory.resource_type, inventory.region_id, count(*) AS resources
FROM inventory
WHERE inventory.row_id >= @p1 AND inventory.row_id < @p2 AND inventory.tenant_id = @p3 AND inventory.scan_id = @p4 GROUP BY inventory.resource_type, inventory.region_id ORDER BY inventory.resource_type, inventory.region_id

GO

SELECT min(steps.step_id) AS min_1, max(steps.step_id) AS max_1
FROM steps
WHERE steps.tenant_id = @p1 AND steps.scan_id = @p2

GO

-- Recommendations.row_counts

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT @p1 AS anon_1, count(*) AS count_1
FROM costs
WHERE costs.row_id >= @p2 AND costs.row_id < @p3 AND costs.tenant_id = @p4 AND costs.scan_id = @p5 UNION ALL SELECT @p6 AS anon_2, count(*) AS count_2
FROM amortized_costs
WHERE amortized_costs.row_id >= @p7 AND amortized_costs.row_id < @p8 AND amortized_costs.tenant_id = @p9 AND amortized_costs.scan_id = @p10 UNION ALL SELECT @p11 AS anon_3, count(*) AS count_3
FROM inventory
WHERE inventory.row_id >= @p12 AND inventory.row_id < @p13 AND inventory.tenant_id = @p14 AND inventory.scan_id = @p15 UNION ALL SELECT @p16 AS anon_4, count(*) AS count_4
FROM advisor
WHERE advisor.row_id >= @p17 AND advisor.row_id < @p18 AND advisor.tenant_id = @p19 AND advisor.scan_id = @p20 UNION ALL SELECT @p21 AS anon_5, count(*) AS count_5
FROM reservations
WHERE reservations.row_id >= @p22 AND reservations.row_id < @p23 AND reservations.tenant_id = @p24 AND reservations.scan_id = @p25 UNION ALL SELECT @p26 AS anon_6, count(*) AS count_6
FROM savings_plans
WHERE savings_plans.row_id >= @p27 AND savings_plans.row_id < @p28 AND savings_plans.tenant_id = @p29 AND savings_plans.scan_id = @p30

GO

SELECT min(steps.step_id) AS min_1, max(steps.step_id) AS max_1
FROM steps
WHERE steps.tenant_id = @p1 AND steps.scan_id = @p2
