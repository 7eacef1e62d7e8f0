-- FindingSources.costs_of_month

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT cost_lines.resource_id, cost_lines.billing_currency, sum(cost_lines.billed_cost) AS exact_sum_1, count(CASE WHEN (cost_lines.service_name = @p1) THEN @p2 END) AS count_1, sum(CASE WHEN (cost_lines.service_name = @p3) THEN cost_lines.consumed_quantity END) AS exact_sum_2, max(cost_lines.commitment_discount_type) AS max_1
FROM (SELECT costs.row_id AS row_id, costs.charge_period_start AS charge_period_start, costs.billed_cost AS billed_cost, costs.consumed_quantity AS consumed_quantity, cost_resources.sub_account_id AS sub_account_id, cost_resources.resource_id AS resource_id, cost_resources.resource_group AS resource_group, cost_resources.region_id AS region_id, cost_charges.billing_currency AS billing_currency, cost_charges.service_name AS service_name, cost_charges.meter_subcategory AS meter_subcategory, cost_charges.meter_name AS meter_name, cost_charges.charge_type AS charge_type, cost_charges.charge_category AS charge_category, cost_charges.charge_frequency AS charge_frequency, cost_charges.pricing_category AS pricing_category, cost_charges.commitment_discount_type AS commitment_discount_type, cost_charges.publisher AS publisher
FROM costs JOIN cost_charges ON cost_charges.row_id = (FLOOR(costs.row_id / 10000000000)) * 10000000000 + costs.charge_number LEFT OUTER JOIN cost_resources ON cost_resources.row_id = (FLOOR(costs.row_id / 10000000000)) * 10000000000 + costs.resource_number
WHERE costs.row_id >= @p4 AND costs.row_id < @p5 AND costs.tenant_hash = @p6 AND cost_charges.tenant_hash = @p7 AND cost_charges.scan_id = @p8) AS cost_lines
WHERE cost_lines.charge_period_start = @p9 AND cost_lines.resource_id IS NOT NULL GROUP BY cost_lines.resource_id, cost_lines.billing_currency

GO

SELECT min(steps.step_id) AS min_1, max(steps.step_id) AS max_1
FROM steps
WHERE steps.tenant_id = @p1 AND steps.scan_id = @p2

GO

-- FindingSources.meters_of_month

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT cost_lines.resource_id, cost_lines.billing_currency, coalesce(cost_lines.service_name, @p1) AS coalesce_1, coalesce(cost_lines.meter_subcategory, @p2) AS coalesce_3, coalesce(cost_lines.meter_name, @p3) AS coalesce_5, cost_lines.billed_cost, cost_lines.consumed_quantity
FROM (SELECT costs.row_id AS row_id, costs.charge_period_start AS charge_period_start, costs.billed_cost AS billed_cost, costs.consumed_quantity AS consumed_quantity, cost_resources.sub_account_id AS sub_account_id, cost_resources.resource_id AS resource_id, cost_resources.resource_group AS resource_group, cost_resources.region_id AS region_id, cost_charges.billing_currency AS billing_currency, cost_charges.service_name AS service_name, cost_charges.meter_subcategory AS meter_subcategory, cost_charges.meter_name AS meter_name, cost_charges.charge_type AS charge_type, cost_charges.charge_category AS charge_category, cost_charges.charge_frequency AS charge_frequency, cost_charges.pricing_category AS pricing_category, cost_charges.commitment_discount_type AS commitment_discount_type, cost_charges.publisher AS publisher
FROM costs JOIN cost_charges ON cost_charges.row_id = (FLOOR(costs.row_id / 10000000000)) * 10000000000 + costs.charge_number LEFT OUTER JOIN cost_resources ON cost_resources.row_id = (FLOOR(costs.row_id / 10000000000)) * 10000000000 + costs.resource_number
WHERE costs.row_id >= @p4 AND costs.row_id < @p5 AND costs.tenant_hash = @p6 AND cost_charges.tenant_hash = @p7 AND cost_charges.scan_id = @p8) AS cost_lines
WHERE cost_lines.charge_period_start = @p9 AND cost_lines.resource_id IS NOT NULL

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

GO

-- FindingSources.spend

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT cost_lines.sub_account_id, cost_lines.charge_period_start, cost_lines.billing_currency, cost_lines.service_name, cost_lines.meter_subcategory, cost_lines.meter_name, cost_lines.charge_category, cost_lines.charge_frequency, cost_lines.publisher, sum(cost_lines.billed_cost) AS exact_sum_1, sum(cost_lines.consumed_quantity) AS exact_sum_2
FROM (SELECT costs.row_id AS row_id, costs.charge_period_start AS charge_period_start, costs.billed_cost AS billed_cost, costs.consumed_quantity AS consumed_quantity, cost_resources.sub_account_id AS sub_account_id, cost_resources.resource_id AS resource_id, cost_resources.resource_group AS resource_group, cost_resources.region_id AS region_id, cost_charges.billing_currency AS billing_currency, cost_charges.service_name AS service_name, cost_charges.meter_subcategory AS meter_subcategory, cost_charges.meter_name AS meter_name, cost_charges.charge_type AS charge_type, cost_charges.charge_category AS charge_category, cost_charges.charge_frequency AS charge_frequency, cost_charges.pricing_category AS pricing_category, cost_charges.commitment_discount_type AS commitment_discount_type, cost_charges.publisher AS publisher
FROM costs JOIN cost_charges ON cost_charges.row_id = (FLOOR(costs.row_id / 10000000000)) * 10000000000 + costs.charge_number LEFT OUTER JOIN cost_resources ON cost_resources.row_id = (FLOOR(costs.row_id / 10000000000)) * 10000000000 + costs.resource_number
WHERE costs.row_id >= @p1 AND costs.row_id < @p2 AND costs.tenant_hash = @p3 AND cost_charges.tenant_hash = @p4 AND cost_charges.scan_id = @p5) AS cost_lines GROUP BY cost_lines.sub_account_id, cost_lines.charge_period_start, cost_lines.billing_currency, cost_lines.service_name, cost_lines.meter_subcategory, cost_lines.meter_name, cost_lines.charge_category, cost_lines.charge_frequency, cost_lines.publisher ORDER BY cost_lines.sub_account_id, cost_lines.charge_period_start, cost_lines.billing_currency, cost_lines.service_name, cost_lines.meter_subcategory, cost_lines.meter_name, cost_lines.charge_category, cost_lines.charge_frequency, cost_lines.publisher

GO

SELECT min(steps.step_id) AS min_1, max(steps.step_id) AS max_1
FROM steps
WHERE steps.tenant_id = @p1 AND steps.scan_id = @p2
