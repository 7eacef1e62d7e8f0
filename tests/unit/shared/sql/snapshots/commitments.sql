-- Commitments.are_shown_by

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT TOP 100 @p1 AS anon_1
FROM costs
WHERE costs.row_id >= @p2 AND costs.row_id < @p3 AND costs.tenant_id = @p4 AND (costs.commitment_discount_type IS NOT NULL OR costs.charge_category = @p5 AND (lower(costs.publisher) IS NULL OR lower(costs.publisher) != @p6))

GO

-- Commitments.effective_cost_sums

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT amortized_costs.billing_currency, sum(amortized_costs.effective_cost) AS effective_cost
FROM amortized_costs
WHERE amortized_costs.row_id >= @p1 AND amortized_costs.row_id < @p2 AND amortized_costs.tenant_id = @p3 AND amortized_costs.scan_id = @p4 GROUP BY amortized_costs.billing_currency

GO

SELECT min(steps.step_id) AS min_1, max(steps.step_id) AS max_1
FROM steps
WHERE steps.tenant_id = @p1 AND steps.scan_id = @p2
