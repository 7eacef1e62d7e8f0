-- CostExplorer.ask

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT anon_1.value, sum(CASE WHEN (anon_1.charge_period_start = @p1) THEN anon_1.billed_cost END) AS exact_sum_1, sum(CASE WHEN (anon_1.charge_period_start = @p2) THEN anon_1.billed_cost END) AS exact_sum_2, count(*) AS count_1
FROM (SELECT costs.service_name AS value, costs.charge_period_start AS charge_period_start, costs.billed_cost AS billed_cost
FROM costs
WHERE costs.row_id >= @p3 AND costs.row_id < @p4 AND costs.tenant_id = @p5 AND costs.scan_id = @p6 AND costs.billing_currency = @p7 AND EXISTS (SELECT costs.service_name INTERSECT SELECT @p8) AND costs.charge_period_start IN (@p9, @p10)) AS anon_1 GROUP BY anon_1.value ORDER BY CAST(coalesce(sum(CASE WHEN (anon_1.charge_period_start = @p11) THEN anon_1.billed_cost END), sum(CASE WHEN (anon_1.charge_period_start = @p12) THEN anon_1.billed_cost END)) AS FLOAT) DESC, anon_1.value
 OFFSET @p13 ROWS
 FETCH FIRST @p14 ROWS ONLY

GO

SELECT anon_1.value, sum(anon_1.billed_cost) AS exact_sum_1, CAST(NULL AS NUMERIC(38, 24)) AS anon_2, count(*) AS count_1
FROM (SELECT anon_3.tag AS value, costs.charge_period_start AS charge_period_start, costs.billed_cost AS billed_cost
FROM costs LEFT OUTER JOIN (SELECT anon_4.resource_id AS resource_id, max(anon_4.tag) AS tag
FROM (SELECT inventory.resource_id AS resource_id, JSON_VALUE(inventory.tags_json, @p1) AS tag
FROM inventory
WHERE inventory.row_id >= @p2 AND inventory.row_id < @p3 AND inventory.tenant_id = @p4 AND inventory.scan_id = @p5 AND inventory.tags_json IS NOT NULL) AS anon_4 GROUP BY anon_4.resource_id) AS anon_3 ON anon_3.resource_id = costs.resource_id
WHERE costs.row_id >= @p6 AND costs.row_id < @p7 AND costs.tenant_id = @p8 AND costs.scan_id = @p9 AND costs.billing_currency = @p10) AS anon_1 GROUP BY anon_1.value ORDER BY CAST(sum(anon_1.billed_cost) AS FLOAT) DESC, anon_1.value
 OFFSET @p11 ROWS
 FETCH FIRST @p12 ROWS ONLY

GO

SELECT anon_1.value, sum(anon_1.billed_cost) AS exact_sum_1, CAST(NULL AS NUMERIC(38, 24)) AS anon_2, count(*) AS count_1
FROM (SELECT costs.service_name AS value, costs.charge_period_start AS charge_period_start, costs.billed_cost AS billed_cost
FROM costs
WHERE costs.row_id >= @p1 AND costs.row_id < @p2 AND costs.tenant_id = @p3 AND costs.scan_id = @p4 AND costs.billing_currency = @p5) AS anon_1 GROUP BY anon_1.value ORDER BY CAST(sum(anon_1.billed_cost) AS FLOAT) DESC, anon_1.value
 OFFSET @p6 ROWS
 FETCH FIRST @p7 ROWS ONLY

GO

SELECT count(*) AS count_1
FROM (SELECT DISTINCT anon_2.value AS value
FROM (SELECT anon_3.tag AS value, costs.charge_period_start AS charge_period_start, costs.billed_cost AS billed_cost
FROM costs LEFT OUTER JOIN (SELECT anon_4.resource_id AS resource_id, max(anon_4.tag) AS tag
FROM (SELECT inventory.resource_id AS resource_id, JSON_VALUE(inventory.tags_json, @p1) AS tag
FROM inventory
WHERE inventory.row_id >= @p2 AND inventory.row_id < @p3 AND inventory.tenant_id = @p4 AND inventory.scan_id = @p5 AND inventory.tags_json IS NOT NULL) AS anon_4 GROUP BY anon_4.resource_id) AS anon_3 ON anon_3.resource_id = costs.resource_id
WHERE costs.row_id >= @p6 AND costs.row_id < @p7 AND costs.tenant_id = @p8 AND costs.scan_id = @p9 AND costs.billing_currency = @p10) AS anon_2) AS anon_1

GO

SELECT count(*) AS count_1
FROM (SELECT DISTINCT anon_2.value AS value
FROM (SELECT costs.service_name AS value, costs.charge_period_start AS charge_period_start, costs.billed_cost AS billed_cost
FROM costs
WHERE costs.row_id >= @p1 AND costs.row_id < @p2 AND costs.tenant_id = @p3 AND costs.scan_id = @p4 AND costs.billing_currency = @p5 AND EXISTS (SELECT costs.service_name INTERSECT SELECT @p6) AND costs.charge_period_start IN (@p7, @p8)) AS anon_2) AS anon_1

GO

SELECT count(*) AS count_1
FROM (SELECT DISTINCT anon_2.value AS value
FROM (SELECT costs.service_name AS value, costs.charge_period_start AS charge_period_start, costs.billed_cost AS billed_cost
FROM costs
WHERE costs.row_id >= @p1 AND costs.row_id < @p2 AND costs.tenant_id = @p3 AND costs.scan_id = @p4 AND costs.billing_currency = @p5) AS anon_2) AS anon_1

GO

SELECT min(steps.step_id) AS min_1, max(steps.step_id) AS max_1
FROM steps
WHERE steps.tenant_id = @p1 AND steps.scan_id = @p2

GO

SELECT sum(CASE WHEN (anon_1.charge_period_start = @p1) THEN anon_1.billed_cost END) AS exact_sum_1, sum(CASE WHEN (anon_1.charge_period_start = @p2) THEN anon_1.billed_cost END) AS exact_sum_2, count(*) AS count_1
FROM (SELECT costs.service_name AS value, costs.charge_period_start AS charge_period_start, costs.billed_cost AS billed_cost
FROM costs
WHERE costs.row_id >= @p3 AND costs.row_id < @p4 AND costs.tenant_id = @p5 AND costs.scan_id = @p6 AND costs.billing_currency = @p7 AND EXISTS (SELECT costs.service_name INTERSECT SELECT @p8) AND costs.charge_period_start IN (@p9, @p10)) AS anon_1

GO

SELECT sum(anon_1.billed_cost) AS exact_sum_1, CAST(NULL AS NUMERIC(38, 24)) AS anon_2, count(*) AS count_1
FROM (SELECT anon_3.tag AS value, costs.charge_period_start AS charge_period_start, costs.billed_cost AS billed_cost
FROM costs LEFT OUTER JOIN (SELECT anon_4.resource_id AS resource_id, max(anon_4.tag) AS tag
FROM (SELECT inventory.resource_id AS resource_id, JSON_VALUE(inventory.tags_json, @p1) AS tag
FROM inventory
WHERE inventory.row_id >= @p2 AND inventory.row_id < @p3 AND inventory.tenant_id = @p4 AND inventory.scan_id = @p5 AND inventory.tags_json IS NOT NULL) AS anon_4 GROUP BY anon_4.resource_id) AS anon_3 ON anon_3.resource_id = costs.resource_id
WHERE costs.row_id >= @p6 AND costs.row_id < @p7 AND costs.tenant_id = @p8 AND costs.scan_id = @p9 AND costs.billing_currency = @p10) AS anon_1

GO

SELECT sum(anon_1.billed_cost) AS exact_sum_1, CAST(NULL AS NUMERIC(38, 24)) AS anon_2, count(*) AS count_1
FROM (SELECT costs.service_name AS value, costs.charge_period_start AS charge_period_start, costs.billed_cost AS billed_cost
FROM costs
WHERE costs.row_id >= @p1 AND costs.row_id < @p2 AND costs.tenant_id = @p3 AND costs.scan_id = @p4 AND costs.billing_currency = @p5) AS anon_1

GO

-- CostExplorer.currencies

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

EXEC sp_set_session_context @key = N'tenant_id', @value = NULL; EXEC sp_set_session_context @key = N'is_system', @value = N'yes';

GO

SELECT DISTINCT costs.billing_currency
FROM costs
WHERE costs.row_id >= @p1 AND costs.row_id < @p2 AND costs.tenant_id = @p3 AND costs.scan_id = @p4

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
