-- CostTotals.by_dimension

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT cost_totals.dimension, cost_totals.value, cost_totals.billing_currency, cost_totals.charge_period_start, cost_totals.billed_cost, cost_totals.line_items, cost_totals.value_count, cost_totals.tag_name
FROM cost_totals
WHERE cost_totals.tenant_id = @p1 AND cost_totals.scan_id = @p2 AND cost_totals.dimension IN (@p3) ORDER BY cost_totals.billing_currency, cost_totals.value, cost_totals.charge_period_start, cost_totals.total_id

GO

SELECT cost_totals.dimension, cost_totals.value, cost_totals.billing_currency, cost_totals.charge_period_start, cost_totals.billed_cost, cost_totals.line_items, cost_totals.value_count, cost_totals.tag_name
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

INSERT INTO cost_totals (tenant_id, scan_id, dimension, value, billing_currency, charge_period_start, billed_cost, tag_name, line_items, value_count) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10)

GO

SELECT anon_1.sub_account_id, anon_1.resource_group, anon_1.region_id, anon_1.tags_json, anon_1.billing_currency, anon_1.charge_period_start, sum(anon_1.billed_cost) AS exact_sum_1, count(*) AS count_1
FROM (SELECT cost_lines.sub_account_id AS sub_account_id, cost_lines.resource_group AS resource_group, coalesce(cost_lines.region_id, located.region_id) AS region_id, located.tags_json AS tags_json, cost_lines.billing_currency AS billing_currency, cost_lines.charge_period_start AS charge_period_start, cost_lines.billed_cost AS billed_cost
FROM (SELECT costs.row_id AS row_id, costs.charge_period_start AS charge_period_start, costs.billed_cost AS billed_cost, costs.consumed_quantity AS consumed_quantity, cost_resources.sub_account_id AS sub_account_id, cost_resources.resource_id AS resource_id, cost_resources.resource_group AS resource_group, cost_resources.region_id AS region_id, cost_charges.billing_currency AS billing_currency, cost_charges.service_name AS service_name, cost_charges.meter_subcategory AS meter_subcategory, cost_charges.meter_name AS meter_name, cost_charges.charge_type AS charge_type, cost_charges.charge_category AS charge_category, cost_charges.charge_frequency AS charge_frequency, cost_charges.pricing_category AS pricing_category, cost_charges.commitment_discount_type AS commitment_discount_type, cost_charges.publisher AS publisher
FROM costs JOIN cost_charges ON cost_charges.row_id = (FLOOR(costs.row_id / 10000000000)) * 10000000000 + costs.charge_number LEFT OUTER JOIN cost_resources ON cost_resources.row_id = (FLOOR(costs.row_id / 10000000000)) * 10000000000 + costs.resource_number
WHERE costs.row_id >= @p1 AND costs.row_id < @p2 AND costs.tenant_hash = @p3 AND cost_charges.tenant_hash = @p4 AND cost_charges.scan_id = @p5) AS cost_lines LEFT OUTER JOIN (SELECT inventory.resource_id AS resource_id, max(inventory.region_id) AS region_id, max(inventory.tags_json) AS tags_json
FROM inventory
WHERE inventory.row_id >= @p6 AND inventory.row_id < @p7 AND inventory.tenant_id = @p8 AND inventory.scan_id = @p9 GROUP BY inventory.resource_id) AS located ON located.resource_id = cost_lines.resource_id) AS anon_1 GROUP BY anon_1.sub_account_id, anon_1.resource_group, anon_1.region_id, anon_1.tags_json, anon_1.billing_currency, anon_1.charge_period_start

GO

SELECT cost_lines.billing_currency, cost_lines.service_name, cost_lines.charge_type, cost_lines.charge_category, cost_lines.pricing_category, cost_lines.publisher, cost_lines.charge_period_start, sum(cost_lines.billed_cost) AS exact_sum_1, count(*) AS count_1
FROM (SELECT costs.row_id AS row_id, costs.charge_period_start AS charge_period_start, costs.billed_cost AS billed_cost, costs.consumed_quantity AS consumed_quantity, cost_resources.sub_account_id AS sub_account_id, cost_resources.resource_id AS resource_id, cost_resources.resource_group AS resource_group, cost_resources.region_id AS region_id, cost_charges.billing_currency AS billing_currency, cost_charges.service_name AS service_name, cost_charges.meter_subcategory AS meter_subcategory, cost_charges.meter_name AS meter_name, cost_charges.charge_type AS charge_type, cost_charges.charge_category AS charge_category, cost_charges.charge_frequency AS charge_frequency, cost_charges.pricing_category AS pricing_category, cost_charges.commitment_discount_type AS commitment_discount_type, cost_charges.publisher AS publisher
FROM costs JOIN cost_charges ON cost_charges.row_id = (FLOOR(costs.row_id / 10000000000)) * 10000000000 + costs.charge_number LEFT OUTER JOIN cost_resources ON cost_resources.row_id = (FLOOR(costs.row_id / 10000000000)) * 10000000000 + costs.resource_number
WHERE costs.row_id >= @p1 AND costs.row_id < @p2 AND costs.tenant_hash = @p3 AND cost_charges.tenant_hash = @p4 AND cost_charges.scan_id = @p5) AS cost_lines
WHERE cost_lines.billed_cost < @p6 GROUP BY cost_lines.billing_currency, cost_lines.service_name, cost_lines.charge_type, cost_lines.charge_category, cost_lines.pricing_category, cost_lines.publisher, cost_lines.charge_period_start

GO

SELECT cost_lines.billing_currency, cost_lines.service_name, cost_lines.charge_type, cost_lines.charge_category, cost_lines.pricing_category, cost_lines.publisher, cost_lines.charge_period_start, sum(cost_lines.billed_cost) AS exact_sum_1, count(*) AS count_1
FROM (SELECT costs.row_id AS row_id, costs.charge_period_start AS charge_period_start, costs.billed_cost AS billed_cost, costs.consumed_quantity AS consumed_quantity, cost_resources.sub_account_id AS sub_account_id, cost_resources.resource_id AS resource_id, cost_resources.resource_group AS resource_group, cost_resources.region_id AS region_id, cost_charges.billing_currency AS billing_currency, cost_charges.service_name AS service_name, cost_charges.meter_subcategory AS meter_subcategory, cost_charges.meter_name AS meter_name, cost_charges.charge_type AS charge_type, cost_charges.charge_category AS charge_category, cost_charges.charge_frequency AS charge_frequency, cost_charges.pricing_category AS pricing_category, cost_charges.commitment_discount_type AS commitment_discount_type, cost_charges.publisher AS publisher
FROM costs JOIN cost_charges ON cost_charges.row_id = (FLOOR(costs.row_id / 10000000000)) * 10000000000 + costs.charge_number LEFT OUTER JOIN cost_resources ON cost_resources.row_id = (FLOOR(costs.row_id / 10000000000)) * 10000000000 + costs.resource_number
WHERE costs.row_id >= @p1 AND costs.row_id < @p2 AND costs.tenant_hash = @p3 AND cost_charges.tenant_hash = @p4 AND cost_charges.scan_id = @p5) AS cost_lines GROUP BY cost_lines.billing_currency, cost_lines.service_name, cost_lines.charge_type, cost_lines.charge_category, cost_lines.pricing_category, cost_lines.publisher, cost_lines.charge_period_start

GO

SELECT cost_lines.resource_id, cost_lines.billing_currency, cost_lines.charge_period_start, sum(cost_lines.billed_cost) AS exact_sum_1, count(*) AS count_1
FROM (SELECT costs.row_id AS row_id, costs.charge_period_start AS charge_period_start, costs.billed_cost AS billed_cost, costs.consumed_quantity AS consumed_quantity, cost_resources.sub_account_id AS sub_account_id, cost_resources.resource_id AS resource_id, cost_resources.resource_group AS resource_group, cost_resources.region_id AS region_id, cost_charges.billing_currency AS billing_currency, cost_charges.service_name AS service_name, cost_charges.meter_subcategory AS meter_subcategory, cost_charges.meter_name AS meter_name, cost_charges.charge_type AS charge_type, cost_charges.charge_category AS charge_category, cost_charges.charge_frequency AS charge_frequency, cost_charges.pricing_category AS pricing_category, cost_charges.commitment_discount_type AS commitment_discount_type, cost_charges.publisher AS publisher
FROM costs JOIN cost_charges ON cost_charges.row_id = (FLOOR(costs.row_id / 10000000000)) * 10000000000 + costs.charge_number LEFT OUTER JOIN cost_resources ON cost_resources.row_id = (FLOOR(costs.row_id / 10000000000)) * 10000000000 + costs.resource_number
WHERE costs.row_id >= @p1 AND costs.row_id < @p2 AND costs.tenant_hash = @p3 AND cost_charges.tenant_hash = @p4 AND cost_charges.scan_id = @p5) AS cost_lines LEFT OUTER JOIN (SELECT cost_lines.resource_id AS resource_id, cost_lines.billing_currency AS billing_currency, row_number() OVER (PARTITION BY cost_lines.billing_currency ORDER BY CAST(sum(cost_lines.billed_cost) AS FLOAT) DESC, cost_lines.resource_id) AS place
FROM (SELECT costs.row_id AS row_id, costs.charge_period_start AS charge_period_start, costs.billed_cost AS billed_cost, costs.consumed_quantity AS consumed_quantity, cost_resources.sub_account_id AS sub_account_id, cost_resources.resource_id AS resource_id, cost_resources.resource_group AS resource_group, cost_resources.region_id AS region_id, cost_charges.billing_currency AS billing_currency, cost_charges.service_name AS service_name, cost_charges.meter_subcategory AS meter_subcategory, cost_charges.meter_name AS meter_name, cost_charges.charge_type AS charge_type, cost_charges.charge_category AS charge_category, cost_charges.charge_frequency AS charge_frequency, cost_charges.pricing_category AS pricing_category, cost_charges.commitment_discount_type AS commitment_discount_type, cost_charges.publisher AS publisher
FROM costs JOIN cost_charges ON cost_charges.row_id = (FLOOR(costs.row_id / 10000000000)) * 10000000000 + costs.charge_number LEFT OUTER JOIN cost_resources ON cost_resources.row_id = (FLOOR(costs.row_id / 10000000000)) * 10000000000 + costs.resource_number
WHERE costs.row_id >= @p6 AND costs.row_id < @p7 AND costs.tenant_hash = @p8 AND cost_charges.tenant_hash = @p9 AND cost_charges.scan_id = @p10) AS cost_lines
WHERE cost_lines.resource_id IS NOT NULL GROUP BY cost_lines.resource_id, cost_lines.billing_currency) AS anon_1 ON anon_1.resource_id = cost_lines.resource_id AND anon_1.billing_currency = cost_lines.billing_currency AND anon_1.place <= @p11
WHERE cost_lines.resource_id IS NULL OR anon_1.place IS NOT NULL GROUP BY cost_lines.resource_id, cost_lines.billing_currency, cost_lines.charge_period_start

GO

SELECT min(steps.step_id) AS min_1, max(steps.step_id) AS max_1
FROM steps
WHERE steps.tenant_id = @p1 AND steps.scan_id = @p2

GO

SELECT scans.scan_id
FROM scans WITH (UPDLOCK)
WHERE scans.tenant_id = @p1 AND scans.scan_id = @p2
