-- FindingSources.costs_of_month

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT costs.resource_id, costs.billing_currency, sum(costs.billed_cost) AS exact_sum_1, count(CASE WHEN (costs.service_name = @p1) THEN @p2 END) AS count_1, sum(CASE WHEN (costs.service_name = @p3) THEN costs.consumed_quantity END) AS exact_sum_2, max(costs.commitment_discount_type) AS max_1
FROM costs
WHERE costs.row_id >= @p4 AND costs.row_id < @p5 AND costs.tenant_id = @p6 AND costs.scan_id = @p7 AND costs.charge_period_start = @p8 AND costs.resource_id IS NOT NULL GROUP BY costs.resource_id, costs.billing_currency

GO

SELECT min(steps.step_id) AS min_1, max(steps.step_id) AS max_1
FROM steps
WHERE steps.tenant_id = @p1 AND steps.scan_id = @p2

GO

-- FindingSources.resources

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT inventory.sub_account_id, inventory.resource_id, inventory.resource_name, inventory.resource_type, inventory.resource_group, inventory.region_id, inventory.kind, inventory.sku_json, inventory.tags_json, inventory.properties_json
FROM inventory
WHERE inventory.row_id >= @p1 AND inventory.row_id < @p2 AND inventory.tenant_id = @p3 AND inventory.scan_id = @p4 AND inventory.resource_type IN (@p5, @p6) ORDER BY inventory.row_id

GO

SELECT min(steps.step_id) AS min_1, max(steps.step_id) AS max_1
FROM steps
WHERE steps.tenant_id = @p1 AND steps.scan_id = @p2
