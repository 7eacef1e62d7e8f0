-- Commitments.are_shown_by

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT TOP 100 @p1 AS anon_1
FROM cost_charges
WHERE cost_charges.row_id >= @p2 AND cost_charges.row_id < @p3 AND cost_charges.tenant_hash = @p4 AND (cost_charges.commitment_discount_type IS NOT NULL OR cost_charges.charge_category = @p5 AND (lower(cost_charges.publisher) IS NULL OR lower(cost_charges.publisher) != @p6))

GO

-- Commitments.effective_cost_sums

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT cost_lines.billing_currency, sum(cost_lines.effective_cost) AS effective_cost
FROM (SELECT amortized_costs.row_id AS row_id, amortized_costs.charge_period_start AS charge_period_start, amortized_costs.effective_cost AS effective_cost, amortized_costs.consumed_quantity AS consumed_quantity, cost_resources.sub_account_id AS sub_account_id, cost_resources.resource_id AS resource_id, cost_resources.resource_group AS resource_group, cost_resources.region_id AS region_id, cost_charges.billing_currency AS billing_currency, cost_charges.service_name AS service_name, cost_charges.meter_subcategory AS meter_subcategory, cost_charges.meter_name AS meter_name, cost_charges.charge_type AS charge_type, cost_charges.charge_category AS charge_category, cost_charges.charge_frequency AS charge_frequency, cost_charges.pricing_category AS pricing_category, cost_charges.commitment_discount_type AS commitment_discount_type, cost_charges.publisher AS publisher
FROM amortized_costs JOIN cost_charges ON cost_charges.row_id = (FLOOR(amortized_costs.row_id / 10000000000)) * 10000000000 + amortized_costs.charge_number LEFT OUTER JOIN cost_resources ON cost_resources.row_id = (FLOOR(amortized_costs.row_id / 10000000000)) * 10000000000 + amortized_costs.resource_number
WHERE amortized_costs.row_id >= @p1 AND amortized_costs.row_id < @p2 AND amortized_costs.tenant_hash = @p3 AND cost_charges.tenant_hash = @p4 AND cost_charges.scan_id = @p5) AS cost_lines GROUP BY cost_lines.billing_currency

GO

SELECT min(steps.step_id) AS min_1, max(steps.step_id) AS max_1
FROM steps
WHERE steps.tenant_id = @p1 AND steps.scan_id = @p2
