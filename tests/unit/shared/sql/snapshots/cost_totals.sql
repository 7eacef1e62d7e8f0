-- CostTotals.by_dimension

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT cost_totals.dimension, cost_totals.value, cost_totals.billing_currency, cost_totals.charge_period_start, cost_totals.billed_cost
FROM cost_totals
WHERE cost_totals.tenant_id = @p1 AND cost_totals.scan_id = @p2 AND cost_totals.dimension IN (@p3) ORDER BY cost_totals.billing_currency, cost_totals.value, cost_totals.charge_period_start, cost_totals.total_id

GO

SELECT cost_totals.dimension, cost_totals.value, cost_totals.billing_currency, cost_totals.charge_period_start, cost_totals.billed_cost
FROM cost_totals
WHERE cost_totals.tenant_id = @p1 AND cost_totals.scan_id = @p2 AND cost_totals.dimension IN (@p3, @p4) ORDER BY cost_totals.billing_currency, cost_totals.value, cost_totals.charge_period_start, cost_totals.total_id

GO

-- CostTotals.by_resource

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT cost_totals.value, cost_totals.billing_currency, sum(cost_totals.billed_cost) AS billed_cost
FROM cost_totals
WHERE cost_totals.tenant_id = @p1 AND cost_totals.scan_id = @p2 AND cost_totals.dimension = @p3 GROUP BY cost_totals.value, cost_totals.billing_currency

GO

-- CostTotals.compute

DELETE FROM cost_totals WHERE cost_totals.tenant_id = @p1 AND cost_totals.scan_id = @p2

GO

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

INSERT INTO cost_totals (tenant_id, scan_id, dimension, value, billing_currency, charge_period_start, billed_cost) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7)

GO

SELECT anon_1.billing_currency, anon_1.value, anon_1.charge_period_start, sum(anon_1.billed_cost) AS billed_cost
FROM (SELECT NULL AS value, costs.billing_currency AS billing_currency, costs.charge_period_start AS charge_period_start, costs.billed_cost AS billed_cost
FROM costs
WHERE costs.row_id >= @p1 AND costs.row_id < @p2 AND costs.tenant_id = @p3 AND costs.scan_id = @p4 AND costs.billed_cost < @p5) AS anon_1 GROUP BY anon_1.billing_currency, anon_1.value, anon_1.charge_period_start ORDER BY anon_1.billing_currency, anon_1.value, anon_1.charge_period_start

GO

SELECT anon_1.billing_currency, anon_1.value, anon_1.charge_period_start, sum(anon_1.billed_cost) AS billed_cost
FROM (SELECT coalesce(costs.region_id, anon_2.region_id) AS value, costs.billing_currency AS billing_currency, costs.charge_period_start AS charge_period_start, costs.billed_cost AS billed_cost
FROM costs LEFT OUTER JOIN (SELECT inventory.resource_id AS resource_id, max(inventory.region_id) AS region_id
FROM inventory
WHERE inventory.row_id >= @p1 AND inventory.row_id < @p2 AND inventory.tenant_id = @p3 AND inventory.scan_id = @p4 GROUP BY inventory.resource_id) AS anon_2 ON anon_2.resource_id = costs.resource_id
WHERE costs.row_id >= @p5 AND costs.row_id < @p6 AND costs.tenant_id = @p7 AND costs.scan_id = @p8) AS anon_1 GROUP BY anon_1.billing_currency, anon_1.value, anon_1.charge_period_start ORDER BY anon_1.billing_currency, anon_1.value, anon_1.charge_period_start

GO

SELECT anon_1.billing_currency, anon_1.value, anon_1.charge_period_start, sum(anon_1.billed_cost) AS billed_cost
FROM (SELECT costs.resource_id AS value, costs.billing_currency AS billing_currency, costs.charge_period_start AS charge_period_start, costs.billed_cost AS billed_cost
FROM costs
WHERE costs.row_id >= @p1 AND costs.row_id < @p2 AND costs.tenant_id = @p3 AND costs.scan_id = @p4) AS anon_1 GROUP BY anon_1.billing_currency, anon_1.value, anon_1.charge_period_start ORDER BY anon_1.billing_currency, anon_1.value, anon_1.charge_period_start

GO

SELECT anon_1.billing_currency, anon_1.value, anon_1.charge_period_start, sum(anon_1.billed_cost) AS billed_cost
FROM (SELECT costs.service_name AS value, costs.billing_currency AS billing_currency, costs.charge_period_start AS charge_period_start, costs.billed_cost AS billed_cost
FROM costs
WHERE costs.row_id >= @p1 AND costs.row_id < @p2 AND costs.tenant_id = @p3 AND costs.scan_id = @p4) AS anon_1 GROUP BY anon_1.billing_currency, anon_1.value, anon_1.charge_period_start ORDER BY anon_1.billing_currency, anon_1.value, anon_1.charge_period_start

GO

SELECT anon_1.billing_currency, anon_1.value, anon_1.charge_period_start, sum(anon_1.billed_cost) AS billed_cost
FROM (SELECT costs.sub_account_id + '/' + costs.resource_group AS value, costs.billing_currency AS billing_currency, costs.charge_period_start AS charge_period_start, costs.billed_cost AS billed_cost
FROM costs
WHERE costs.row_id >= @p1 AND costs.row_id < @p2 AND costs.tenant_id = @p3 AND costs.scan_id = @p4) AS anon_1 GROUP BY anon_1.billing_currency, anon_1.value, anon_1.charge_period_start ORDER BY anon_1.billing_currency, anon_1.value, anon_1.charge_period_start

GO

SELECT anon_1.billing_currency, anon_1.value, anon_1.charge_period_start, sum(anon_1.billed_cost) AS billed_cost
FROM (SELECT costs.sub_account_id AS value, costs.billing_currency AS billing_currency, costs.charge_period_start AS charge_period_start, costs.billed_cost AS billed_cost
FROM costs
WHERE costs.row_id >= @p1 AND costs.row_id < @p2 AND costs.tenant_id = @p3 AND costs.scan_id = @p4) AS anon_1 GROUP BY anon_1.billing_currency, anon_1.value, anon_1.charge_period_start ORDER BY anon_1.billing_currency, anon_1.value, anon_1.charge_period_start

GO

SELECT min(steps.step_id) AS min_1, max(steps.step_id) AS max_1
FROM steps
WHERE steps.tenant_id = @p1 AND steps.scan_id = @p2

GO

SELECT scans.scan_id
FROM scans WITH (UPDLOCK)
WHERE scans.tenant_id = @p1 AND scans.scan_id = @p2
