-- CostExplorer._ask

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT anon_1.value, sum(CASE WHEN (anon_1.charge_period_start = @p1) THEN anon_1.billed_cost END) AS exact_sum_1, sum(CASE WHEN (anon_1.charge_period_start = @p2) THEN anon_1.billed_cost END) AS exact_sum_2, count(*) AS count_1
FROM (SELECT cost_lines.service_name AS value, cost_lines.charge_period_start AS charge_period_start, cost_lines.billed_cost AS billed_cost
FROM (SELECT costs.row_id AS row_id, costs.charge_period_start AS charge_period_start, costs.billed_cost AS billed_cost, costs.consumed_quantity AS consumed_quantity, cost_resources.sub_account_id AS sub_account_id, cost_resources.resource_id AS resource_id, cost_resources.resource_group AS resource_group, cost_resources.region_id AS region_id, cost_charges.billing_currency AS billing_currency, cost_charges.service_name AS service_name, cost_charges.meter_subcategory AS meter_subcategory, cost_charges.meter_name AS meter_name, cost_charges.charge_type AS charge_type, cost_charges.charge_category AS charge_category, cost_charges.charge_frequency AS charge_frequency, cost_charges.pricing_category AS pricing_category, cost_charges.commitment_discount_type AS commitment_discount_type, cost_charges.publisher AS publisher
FROM costs JOIN cost_charges ON cost_charges.row_id = (FLOOR(costs.row_id / 10000000000)) * 10000000000 + costs.charge_number LEFT OUTER JOIN cost_resources ON cost_resources.row_id = (FLOOR(costs.row_id / 10000000000)) * 10000000000 + costs.resource_number
WHERE costs.row_id >= @p3 AND costs.row_id < @p4 AND costs.tenant_hash = @p5 AND cost_charges.tenant_hash = @p6 AND cost_charges.scan_id = @p7) AS cost_lines
WHERE cost_lines.billing_currency = @p8 AND EXISTS (SELECT cost_lines.service_name INTERSECT SELECT @p9) AND cost_lines.charge_period_start IN (@p10, @p11)) AS anon_1 GROUP BY anon_1.value ORDER BY CAST(coalesce(sum(CASE WHEN (anon_1.charge_period_start = @p12) THEN anon_1.billed_cost END), sum(CASE WHEN (anon_1.charge_period_start = @p13) THEN anon_1.billed_cost END)) AS FLOAT) DESC, anon_1.value
 OFFSET @p14 ROWS
 FETCH FIRST @p15 ROWS ONLY

GO

SELECT anon_1.value, sum(anon_1.billed_cost) AS exact_sum_1, CAST(NULL AS NUMERIC(38, 24)) AS anon_2, count(*) AS count_1
FROM (SELECT anon_3.tag AS value, cost_lines.charge_period_start AS charge_period_start, cost_lines.billed_cost AS billed_cost
FROM (SELECT costs.row_id AS row_id, costs.charge_period_start AS charge_period_start, costs.billed_cost AS billed_cost, costs.consumed_quantity AS consumed_quantity, cost_resources.sub_account_id AS sub_account_id, cost_resources.resource_id AS resource_id, cost_resources.resource_group AS resource_group, cost_resources.region_id AS region_id, cost_charges.billing_currency AS billing_currency, cost_charges.service_name AS service_name, cost_charges.meter_subcategory AS meter_subcategory, cost_charges.meter_name AS meter_name, cost_charges.charge_type AS charge_type, cost_charges.charge_category AS charge_category, cost_charges.charge_frequency AS charge_frequency, cost_charges.pricing_category AS pricing_category, cost_charges.commitment_discount_type AS commitment_discount_type, cost_charges.publisher AS publisher
FROM costs JOIN cost_charges ON cost_charges.row_id = (FLOOR(costs.row_id / 10000000000)) * 10000000000 + costs.charge_number LEFT OUTER JOIN cost_resources ON cost_resources.row_id = (FLOOR(costs.row_id / 10000000000)) * 10000000000 + costs.resource_number
WHERE costs.row_id >= @p1 AND costs.row_id < @p2 AND costs.tenant_hash = @p3 AND cost_charges.tenant_hash = @p4 AND cost_charges.scan_id = @p5) AS cost_lines LEFT OUTER JOIN (SELECT anon_4.resource_id AS resource_id, max(anon_4.tag) AS tag
FROM (SELECT inventory.resource_id AS resource_id, JSON_VALUE(inventory.tags_json, @p6) AS tag
FROM inventory
WHERE inventory.row_id >= @p7 AND inventory.row_id < @p8 AND inventory.tenant_id = @p9 AND inventory.scan_id = @p10 AND inventory.tags_json IS NOT NULL) AS anon_4 GROUP BY anon_4.resource_id) AS anon_3 ON anon_3.resource_id = cost_lines.resource_id
WHERE cost_lines.billing_currency = @p11) AS anon_1 GROUP BY anon_1.value ORDER BY CAST(sum(anon_1.billed_cost) AS FLOAT) DESC, anon_1.value
 OFFSET @p12 ROWS
 FETCH FIRST @p13 ROWS ONLY

GO

SELECT count(*) AS count_1
FROM (SELECT DISTINCT anon_2.value AS value
FROM (SELECT anon_3.tag AS value, cost_lines.charge_period_start AS charge_period_start, cost_lines.billed_cost AS billed_cost
FROM (SELECT costs.row_id AS row_id, costs.charge_period_start AS charge_period_start, costs.billed_cost AS billed_cost, costs.consumed_quantity AS consumed_quantity, cost_resources.sub_account_id AS sub_account_id, cost_resources.resource_id AS resource_id, cost_resources.resource_group AS resource_group, cost_resources.region_id AS region_id, cost_charges.billing_currency AS billing_currency, cost_charges.service_name AS service_name, cost_charges.meter_subcategory AS meter_subcategory, cost_charges.meter_name AS meter_name, cost_charges.charge_type AS charge_type, cost_charges.charge_category AS charge_category, cost_charges.charge_frequency AS charge_frequency, cost_charges.pricing_category AS pricing_category, cost_charges.commitment_discount_type AS commitment_discount_type, cost_charges.publisher AS publisher
FROM costs JOIN cost_charges ON cost_charges.row_id = (FLOOR(costs.row_id / 10000000000)) * 10000000000 + costs.charge_number LEFT OUTER JOIN cost_resources ON cost_resources.row_id = (FLOOR(costs.row_id / 10000000000)) * 10000000000 + costs.resource_number
WHERE costs.row_id >= @p1 AND costs.row_id < @p2 AND costs.tenant_hash = @p3 AND cost_charges.tenant_hash = @p4 AND cost_charges.scan_id = @p5) AS cost_lines LEFT OUTER JOIN (SELECT anon_4.resource_id AS resource_id, max(anon_4.tag) AS tag
FROM (SELECT inventory.resource_id AS resource_id, JSON_VALUE(inventory.tags_json, @p6) AS tag
FROM inventory
WHERE inventory.row_id >= @p7 AND inventory.row_id < @p8 AND inventory.tenant_id = @p9 AND inventory.scan_id = @p10 AND inventory.tags_json IS NOT NULL) AS anon_4 GROUP BY anon_4.resource_id) AS anon_3 ON anon_3.resource_id = cost_lines.resource_id
WHERE cost_lines.billing_currency = @p11) AS anon_2) AS anon_1

GO

SELECT count(*) AS count_1
FROM (SELECT DISTINCT anon_2.value AS value
FROM (SELECT cost_lines.service_name AS value, cost_lines.charge_period_start AS charge_period_start, cost_lines.billed_cost AS billed_cost
FROM (SELECT costs.row_id AS row_id, costs.charge_period_start AS charge_period_start, costs.billed_cost AS billed_cost, costs.consumed_quantity AS consumed_quantity, cost_resources.sub_account_id AS sub_account_id, cost_resources.resource_id AS resource_id, cost_resources.resource_group AS resource_group, cost_resources.region_id AS region_id, cost_charges.billing_currency AS billing_currency, cost_charges.service_name AS service_name, cost_charges.meter_subcategory AS meter_subcategory, cost_charges.meter_name AS meter_name, cost_charges.charge_type AS charge_type, cost_charges.charge_category AS charge_category, cost_charges.charge_frequency AS charge_frequency, cost_charges.pricing_category AS pricing_category, cost_charges.commitment_discount_type AS commitment_discount_type, cost_charges.publisher AS publisher
FROM costs JOIN cost_charges ON cost_charges.row_id = (FLOOR(costs.row_id / 10000000000)) * 10000000000 + costs.charge_number LEFT OUTER JOIN cost_resources ON cost_resources.row_id = (FLOOR(costs.row_id / 10000000000)) * 10000000000 + costs.resource_number
WHERE costs.row_id >= @p1 AND costs.row_id < @p2 AND costs.tenant_hash = @p3 AND cost_charges.tenant_hash = @p4 AND cost_charges.scan_id = @p5) AS cost_lines
WHERE cost_lines.billing_currency = @p6 AND EXISTS (SELECT cost_lines.service_name INTERSECT SELECT @p7) AND cost_lines.charge_period_start IN (@p8, @p9)) AS anon_2) AS anon_1

GO

SELECT min(steps.step_id) AS min_1, max(steps.step_id) AS max_1
FROM steps
WHERE steps.tenant_id = @p1 AND steps.scan_id = @p2

GO

SELECT sum(CASE WHEN (anon_1.charge_period_start = @p1) THEN anon_1.billed_cost END) AS exact_sum_1, sum(CASE WHEN (anon_1.charge_period_start = @p2) THEN anon_1.billed_cost END) AS exact_sum_2, count(*) AS count_1
FROM (SELECT cost_lines.service_name AS value, cost_lines.charge_period_start AS charge_period_start, cost_lines.billed_cost AS billed_cost
FROM (SELECT costs.row_id AS row_id, costs.charge_period_start AS charge_period_start, costs.billed_cost AS billed_cost, costs.consumed_quantity AS consumed_quantity, cost_resources.sub_account_id AS sub_account_id, cost_resources.resource_id AS resource_id, cost_resources.resource_group AS resource_group, cost_resources.region_id AS region_id, cost_charges.billing_currency AS billing_currency, cost_charges.service_name AS service_name, cost_charges.meter_subcategory AS meter_subcategory, cost_charges.meter_name AS meter_name, cost_charges.charge_type AS charge_type, cost_charges.charge_category AS charge_category, cost_charges.charge_frequency AS charge_frequency, cost_charges.pricing_category AS pricing_category, cost_charges.commitment_discount_type AS commitment_discount_type, cost_charges.publisher AS publisher
FROM costs JOIN cost_charges ON cost_charges.row_id = (FLOOR(costs.row_id / 10000000000)) * 10000000000 + costs.charge_number LEFT OUTER JOIN cost_resources ON cost_resources.row_id = (FLOOR(costs.row_id / 10000000000)) * 10000000000 + costs.resource_number
WHERE costs.row_id >= @p3 AND costs.row_id < @p4 AND costs.tenant_hash = @p5 AND cost_charges.tenant_hash = @p6 AND cost_charges.scan_id = @p7) AS cost_lines
WHERE cost_lines.billing_currency = @p8 AND EXISTS (SELECT cost_lines.service_name INTERSECT SELECT @p9) AND cost_lines.charge_period_start IN (@p10, @p11)) AS anon_1

GO

SELECT sum(anon_1.billed_cost) AS exact_sum_1, CAST(NULL AS NUMERIC(38, 24)) AS anon_2, count(*) AS count_1
FROM (SELECT anon_3.tag AS value, cost_lines.charge_period_start AS charge_period_start, cost_lines.billed_cost AS billed_cost
FROM (SELECT costs.row_id AS row_id, costs.charge_period_start AS charge_period_start, costs.billed_cost AS billed_cost, costs.consumed_quantity AS consumed_quantity, cost_resources.sub_account_id AS sub_account_id, cost_resources.resource_id AS resource_id, cost_resources.resource_group AS resource_group, cost_resources.region_id AS region_id, cost_charges.billing_currency AS billing_currency, cost_charges.service_name AS service_name, cost_charges.meter_subcategory AS meter_subcategory, cost_charges.meter_name AS meter_name, cost_charges.charge_type AS charge_type, cost_charges.charge_category AS charge_category, cost_charges.charge_frequency AS charge_frequency, cost_charges.pricing_category AS pricing_category, cost_charges.commitment_discount_type AS commitment_discount_type, cost_charges.publisher AS publisher
FROM costs JOIN cost_charges ON cost_charges.row_id = (FLOOR(costs.row_id / 10000000000)) * 10000000000 + costs.charge_number LEFT OUTER JOIN cost_resources ON cost_resources.row_id = (FLOOR(costs.row_id / 10000000000)) * 10000000000 + costs.resource_number
WHERE costs.row_id >= @p1 AND costs.row_id < @p2 AND costs.tenant_hash = @p3 AND cost_charges.tenant_hash = @p4 AND cost_charges.scan_id = @p5) AS cost_lines LEFT OUTER JOIN (SELECT anon_4.resource_id AS resource_id, max(anon_4.tag) AS tag
FROM (SELECT inventory.resource_id AS resource_id, JSON_VALUE(inventory.tags_json, @p6) AS tag
FROM inventory
WHERE inventory.row_id >= @p7 AND inventory.row_id < @p8 AND inventory.tenant_id = @p9 AND inventory.scan_id = @p10 AND inventory.tags_json IS NOT NULL) AS anon_4 GROUP BY anon_4.resource_id) AS anon_3 ON anon_3.resource_id = cost_lines.resource_id
WHERE cost_lines.billing_currency = @p11) AS anon_1

GO

-- CostExplorer.currencies

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

EXEC sp_set_session_context @key = N'tenant_id', @value = NULL; EXEC sp_set_session_context @key = N'is_system', @value = N'yes';

GO

SELECT DISTINCT cost_charges.billing_currency
FROM cost_charges
WHERE cost_charges.row_id >= @p1 AND cost_charges.row_id < @p2 AND cost_charges.tenant_hash = @p3 AND cost_charges.scan_id = @p4

GO

SELECT min(steps.step_id) AS min_1, max(steps.step_id) AS max_1
FROM steps
WHERE steps.tenant_id = @p1 AND steps.scan_id = @p2

GO

-- CostExplorer.tag_names

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT inventory.tags_json
FROM inventory
WHERE inventory.row_id >= @p1 AND inventory.row_id < @p2 AND inventory.tenant_id = @p3 AND inventory.scan_id = @p4 AND inventory.tags_json IS NOT NULL

GO

SELECT min(steps.step_id) AS min_1, max(steps.step_id) AS max_1
FROM steps
WHERE steps.tenant_id = @p1 AND steps.scan_id = @p2
