-- FindingSources.costs_of_month

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT costs.resource_id, costs.billing_currency, sum(costs.billed_cost) AS exact_sum_1, count(CASE WHEN (costs.service_name = @p1) THEN @p2 END) AS count_1, sum(CASE WHEN (costs.service_name = @p3) THEN costs.consumed_quantity END) AS exact_sum_2, max(costs.commitment_discount_type) AS max_1
FROM costs
WHERE costs.row_id >= (SELECT min(steps.step_id) * @p4 AS anon_1
FROM steps
WHERE steps.tenant_id = @p5 AND steps.scan_id = @p6) AND costs.row_id < (SELECT (max(steps.step_id) + @p7) * @p8 AS anon_2
FROM steps
WHERE steps.tenant_id = @p9 AND steps.scan_id = @p10) AND costs.tenant_id = @p11 AND costs.scan_id = @p12 AND costs.charge_period_start = @p13 AND costs.resource_id IS NOT NULL GROUP BY costs.resource_id, costs.billing_currency

GO

-- FindingSources.resources

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT inventory.sub_account_id, inventory.resource_id, inventory.resource_name, inventory.resource_type, inventory.resource_group, inventory.region_id, inventory.kind, inventory.sku_json, inventory.tags_json, inventory.properties_json
FROM inventory
WHERE inventory.row_id >= (SELECT min(steps.step_id) * @p1 AS anon_1
FROM steps
WHERE steps.tenant_id = @p2 AND steps.scan_id = @p3) AND inventory.row_id < (SELECT (max(steps.step_id) + @p4) * @p5 AS anon_2
FROM steps
WHERE steps.tenant_id = @p6 AND steps.scan_id = @p7) AND inventory.tenant_id = @p8 AND inventory.scan_id = @p9 AND inventory.resource_type IN (@p10, @p11) ORDER BY inventory.row_id
