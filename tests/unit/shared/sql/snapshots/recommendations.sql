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

SELECT cost_lines.billing_currency, sum(cost_lines.billed_cost) AS billed_cost
FROM (SELECT costs.row_id AS row_id, costs.charge_period_start AS charge_period_start, costs.billed_cost AS billed_cost, costs.consumed_quantity AS consumed_quantity, cost_resources.sub_account_id AS sub_account_id, cost_resources.resource_id AS resource_id, cost_resources.resource_group AS resource_group, cost_resources.region_id AS region_id, cost_charges.billing_currency AS billing_currency, cost_charges.service_name AS service_name, cost_charges.meter_subcategory AS meter_subcategory, cost_charges.meter_name AS meter_name, cost_charges.charge_type AS charge_type, cost_charges.charge_category AS charge_category, cost_charges.charge_frequency AS charge_frequency, cost_charges.pricing_category AS pricing_category, cost_charges.commitment_discount_type AS commitment_discount_type, cost_charges.publisher AS publisher
FROM costs JOIN cost_charges ON cost_charges.row_id = (FLOOR(costs.row_id / 10000000000)) * 10000000000 + costs.charge_number LEFT OUTER JOIN cost_resources ON cost_resources.row_id = (FLOOR(costs.row_id / 10000000000)) * 10000000000 + costs.resource_number
WHERE costs.row_id >= @p1 AND costs.row_id < @p2 AND costs.tenant_hash = @p3 AND cost_charges.tenant_hash = @p4 AND cost_charges.scan_id = @p5) AS cost_lines GROUP BY cost_lines.billing_currency

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
WHERE costs.row_id >= @p2 AND costs.row_id < @p3 AND costs.tenant_hash = @p4 AND costs.row_id / @p5 IN (SELECT steps.step_id
FROM steps
WHERE steps.tenant_id = @p6 AND steps.scan_id = @p7) UNION ALL SELECT @p8 AS anon_2, count(*) AS count_2
FROM amortized_costs
WHERE amortized_costs.row_id >= @p9 AND amortized_costs.row_id < @p10 AND amortized_costs.tenant_hash = @p11 AND amortized_costs.row_id / @p12 IN (SELECT steps.step_id
FROM steps
WHERE steps.tenant_id = @p13 AND steps.scan_id = @p14) UNION ALL SELECT @p15 AS anon_3, count(*) AS count_3
FROM inventory
WHERE inventory.row_id >= @p16 AND inventory.row_id < @p17 AND inventory.tenant_id = @p18 AND inventory.scan_id = @p19 UNION ALL SELECT @p20 AS anon_4, count(*) AS count_4
FROM advisor
WHERE advisor.row_id >= @p21 AND advisor.row_id < @p22 AND advisor.tenant_id = @p23 AND advisor.scan_id = @p24 UNION ALL SELECT @p25 AS anon_5, count(*) AS count_5
FROM reservations
WHERE reservations.row_id >= @p26 AND reservations.row_id < @p27 AND reservations.tenant_id = @p28 AND reservations.scan_id = @p29 UNION ALL SELECT @p30 AS anon_6, count(*) AS count_6
FROM savings_plans
WHERE savings_plans.row_id >= @p31 AND savings_plans.row_id < @p32 AND savings_plans.tenant_id = @p33 AND savings_plans.scan_id = @p34

GO

SELECT min(steps.step_id) AS min_1, max(steps.step_id) AS max_1
FROM steps
WHERE steps.tenant_id = @p1 AND steps.scan_id = @p2
