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

SELECT amortized_costs.sub_account_id, amortized_costs.billing_currency, amortized_costs.charge_period_start, amortized_costs.service_name, amortized_costs.charge_type, amortized_costs.pricing_category, amortized_costs.commitment_discount_type, amortized_costs.publisher, sum(amortized_costs.effective_cost) AS exact_sum_1
FROM amortized_costs
WHERE amortized_costs.row_id >= @p1 AND amortized_costs.row_id < @p2 AND amortized_costs.tenant_id = @p3 AND amortized_costs.scan_id = @p4 GROUP BY amortized_costs.sub_account_id, amortized_costs.billing_currency, amortized_costs.charge_period_start, amortized_costs.service_name, amortized_costs.charge_type, amortized_costs.pricing_category, amortized_costs.commitment_discount_type, amortized_costs.publisher

GO

SELECT costs.sub_account_id, costs.billing_currency, costs.charge_period_start, costs.service_name, costs.charge_type, costs.pricing_category, costs.commitment_discount_type, costs.publisher, sum(costs.billed_cost) AS exact_sum_1
FROM costs
WHERE costs.row_id >= @p1 AND costs.row_id < @p2 AND costs.tenant_id = @p3 AND costs.scan_id = @p4 GROUP BY costs.sub_account_id, costs.billing_currency, costs.charge_period_start, costs.service_name, costs.charge_type, costs.pricing_category, costs.commitment_discount_type, costs.publisher

GO

SELECT min(steps.step_id) AS min_1, max(steps.step_id) AS max_1
FROM steps
WHERE steps.tenant_id = @p1 AND steps.scan_id = @p2

GO

SELECT scans.scan_id
FROM scans WITH (UPDLOCK)
WHERE scans.tenant_id = @p1 AND scans.scan_id = @p2
