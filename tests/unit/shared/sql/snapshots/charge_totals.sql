-- ChargeTotals.by_month

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT charge_totals.billing_currency, charge_totals.charge_period_start, sum(charge_totals.cost) AS exact_sum_1
FROM charge_totals
WHERE charge_totals.tenant_id = @p1 AND charge_totals.scan_id = @p2 AND charge_totals.cost_view = @p3 GROUP BY charge_totals.billing_currency, charge_totals.charge_period_start ORDER BY charge_totals.billing_currency, charge_totals.charge_period_start

GO

-- ChargeTotals.charges

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT charge_totals.cost_view, charge_totals.billing_currency, charge_totals.service_name, charge_totals.charge_type, charge_totals.pricing_category, charge_totals.commitment_discount_type, charge_totals.publisher, sum(charge_totals.cost) AS exact_sum_1
FROM charge_totals
WHERE charge_totals.tenant_id = @p1 AND charge_totals.scan_id = @p2 GROUP BY charge_totals.cost_view, charge_totals.billing_currency, charge_totals.service_name, charge_totals.charge_type, charge_totals.pricing_category, charge_totals.commitment_discount_type, charge_totals.publisher ORDER BY charge_totals.cost_view, charge_totals.billing_currency, charge_totals.service_name, charge_totals.charge_type, charge_totals.pricing_category, charge_totals.commitment_discount_type, charge_totals.publisher

GO

-- ChargeTotals.compute

DELETE FROM charge_totals WHERE charge_totals.tenant_id = @p1 AND charge_totals.scan_id = @p2

GO

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

INSERT INTO charge_totals (tenant_id, scan_id, cost_view, billing_currency, charge_period_start, service_name, charge_type, pricing_category, commitment_discount_type, publisher, cost) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11)

GO

SELECT cost_lines.sub_account_id, cost_lines.billing_currency, cost_lines.charge_period_start, cost_lines.service_name, cost_lines.charge_type, cost_lines.pricing_category, cost_lines.commitment_discount_type, cost_lines.publisher, sum(cost_lines.billed_cost) AS exact_sum_1
FROM (SELECT costs.row_id AS row_id, costs.charge_period_start AS charge_period_start, costs.billed_cost AS billed_cost, costs.consumed_quantity AS consumed_quantity, cost_resources.sub_account_id AS sub_account_id, cost_resources.resource_id AS resource_id, cost_resources.resource_group AS resource_group, cost_resources.region_id AS region_id, cost_charges.billing_currency AS billing_currency, cost_charges.service_name AS service_name, cost_charges.meter_subcategory AS meter_subcategory, cost_charges.meter_name AS meter_name, cost_charges.charge_type AS charge_type, cost_charges.charge_category AS charge_category, cost_charges.charge_frequency AS charge_frequency, cost_charges.pricing_category AS pricing_category, cost_charges.commitment_discount_type AS commitment_discount_type, cost_charges.publisher AS publisher
FROM costs JOIN cost_charges ON cost_charges.row_id = (FLOOR(costs.row_id / 10000000000)) * 10000000000 + costs.charge_number LEFT OUTER JOIN cost_resources ON cost_resources.row_id = (FLOOR(costs.row_id / 10000000000)) * 10000000000 + costs.resource_number
WHERE costs.row_id >= @p1 AND costs.row_id < @p2 AND costs.tenant_hash = @p3 AND cost_charges.tenant_hash = @p4 AND cost_charges.scan_id = @p5) AS cost_lines GROUP BY cost_lines.sub_account_id, cost_lines.billing_currency, cost_lines.charge_period_start, cost_lines.service_name, cost_lines.charge_type, cost_lines.pricing_category, cost_lines.commitment_discount_type, cost_lines.publisher

GO

SELECT cost_lines.sub_account_id, cost_lines.billing_currency, cost_lines.charge_period_start, cost_lines.service_name, cost_lines.charge_type, cost_lines.pricing_category, cost_lines.commitment_discount_type, cost_lines.publisher, sum(cost_lines.effective_cost) AS exact_sum_1
FROM (SELECT amortized_costs.row_id AS row_id, amortized_costs.charge_period_start AS charge_period_start, amortized_costs.effective_cost AS effective_cost, amortized_costs.consumed_quantity AS consumed_quantity, cost_resources.sub_account_id AS sub_account_id, cost_resources.resource_id AS resource_id, cost_resources.resource_group AS resource_group, cost_resources.region_id AS region_id, cost_charges.billing_currency AS billing_currency, cost_charges.service_name AS service_name, cost_charges.meter_subcategory AS meter_subcategory, cost_charges.meter_name AS meter_name, cost_charges.charge_type AS charge_type, cost_charges.charge_category AS charge_category, cost_charges.charge_frequency AS charge_frequency, cost_charges.pricing_category AS pricing_category, cost_charges.commitment_discount_type AS commitment_discount_type, cost_charges.publisher AS publisher
FROM amortized_costs JOIN cost_charges ON cost_charges.row_id = (FLOOR(amortized_costs.row_id / 10000000000)) * 10000000000 + amortized_costs.charge_number LEFT OUTER JOIN cost_resources ON cost_resources.row_id = (FLOOR(amortized_costs.row_id / 10000000000)) * 10000000000 + amortized_costs.resource_number
WHERE amortized_costs.row_id >= @p1 AND amortized_costs.row_id < @p2 AND amortized_costs.tenant_hash = @p3 AND cost_charges.tenant_hash = @p4 AND cost_charges.scan_id = @p5) AS cost_lines GROUP BY cost_lines.sub_account_id, cost_lines.billing_currency, cost_lines.charge_period_start, cost_lines.service_name, cost_lines.charge_type, cost_lines.pricing_category, cost_lines.commitment_discount_type, cost_lines.publisher

GO

SELECT min(steps.step_id) AS min_1, max(steps.step_id) AS max_1
FROM steps
WHERE steps.tenant_id = @p1 AND steps.scan_id = @p2

GO

SELECT scans.scan_id
FROM scans WITH (UPDLOCK)
WHERE scans.tenant_id = @p1 AND scans.scan_id = @p2
