-- CostExplorer.ask

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT anon_1.value, sum(CASE WHEN (anon_1.charge_period_start = @p1) THEN anon_1.billed_cost END) AS exact_sum_1, sum(CASE WHEN (anon_1.charge_period_start = @p2) THEN anon_1.billed_cost END) AS exact_sum_2, count(*) AS count_1
FROM (SELECT costs.service_name AS value, costs.charge_period_start AS charge_period_start, costs.billed_cost AS billed_cost
FROM costs
WHERE costs.row_id >= (SELECT min(steps.step_id) * @p3 AS anon_2
FROM steps
WHERE steps.tenant_id = @p4 AND steps.scan_id = @p5) AND costs.row_id < (SELECT (max(steps.step_id) + @p6) * @p7 AS anon_3
FROM steps
WHERE steps.tenant_id = @p8 AND steps.scan_id = @p9) AND costs.tenant_id = @p10 AND costs.scan_id = @p11 AND costs.billing_currency = @p12 AND EXISTS (SELECT costs.service_name INTERSECT SELECT @p13) AND costs.charge_period_start IN (@p14, @p15)) AS anon_1 GROUP BY anon_1.value ORDER BY CAST(coalesce(sum(CASE WHEN (anon_1.charge_period_start = @p16) THEN anon_1.billed_cost END), sum(CASE WHEN (anon_1.charge_period_start = @p17) THEN anon_1.billed_cost END)) AS FLOAT) DESC, anon_1.value
 OFFSET @p18 ROWS
 FETCH FIRST @p19 ROWS ONLY

GO

SELECT anon_1.value, sum(anon_1.billed_cost) AS exact_sum_1, CAST(NULL AS NUMERIC(38, 24)) AS anon_2, count(*) AS count_1
FROM (SELECT anon_3.tag AS value, costs.charge_period_start AS charge_period_start, costs.billed_cost AS billed_cost
FROM costs LEFT OUTER JOIN (SELECT anon_4.resource_id AS resource_id, max(anon_4.tag) AS tag
FROM (SELECT inventory.resource_id AS resource_id, JSON_VALUE(inventory.tags_json, @p1) AS tag
FROM inventory
WHERE inventory.row_id >= (SELECT min(steps.step_id) * @p2 AS anon_5
FROM steps
WHERE steps.tenant_id = @p3 AND steps.scan_id = @p4) AND inventory.row_id < (SELECT (max(steps.step_id) + @p5) * @p6 AS anon_6
FROM steps
WHERE steps.tenant_id = @p7 AND steps.scan_id = @p8) AND inventory.tenant_id = @p9 AND inventory.scan_id = @p10 AND inventory.tags_json IS NOT NULL) AS anon_4 GROUP BY anon_4.resource_id) AS anon_3 ON anon_3.resource_id = costs.resource_id
WHERE costs.row_id >= (SELECT min(steps.step_id) * @p11 AS anon_7
FROM steps
WHERE steps.tenant_id = @p12 AND steps.scan_id = @p13) AND costs.row_id < (SELECT (max(steps.step_id) + @p14) * @p15 AS anon_8
FROM steps
WHERE steps.tenant_id = @p16 AND steps.scan_id = @p17) AND costs.tenant_id = @p18 AND costs.scan_id = @p19 AND costs.billing_currency = @p20) AS anon_1 GROUP BY anon_1.value ORDER BY CAST(sum(anon_1.billed_cost) AS FLOAT) DESC, anon_1.value
 OFFSET @p21 ROWS
 FETCH FIRST @p22 ROWS ONLY

GO

SELECT anon_1.value, sum(anon_1.billed_cost) AS exact_sum_1, CAST(NULL AS NUMERIC(38, 24)) AS anon_2, count(*) AS count_1
FROM (SELECT costs.service_name AS value, costs.charge_period_start AS charge_period_start, costs.billed_cost AS billed_cost
FROM costs
WHERE costs.row_id >= (SELECT min(steps.step_id) * @p1 AS anon_3
FROM steps
WHERE steps.tenant_id = @p2 AND steps.scan_id = @p3) AND costs.row_id < (SELECT (max(steps.step_id) + @p4) * @p5 AS anon_4
FROM steps
WHERE steps.tenant_id = @p6 AND steps.scan_id = @p7) AND costs.tenant_id = @p8 AND costs.scan_id = @p9 AND costs.billing_currency = @p10) AS anon_1 GROUP BY anon_1.value ORDER BY CAST(sum(anon_1.billed_cost) AS FLOAT) DESC, anon_1.value
 OFFSET @p11 ROWS
 FETCH FIRST @p12 ROWS ONLY

GO

SELECT count(*) AS count_1
FROM (SELECT DISTINCT anon_2.value AS value
FROM (SELECT anon_3.tag AS value, costs.charge_period_start AS charge_period_start, costs.billed_cost AS billed_cost
FROM costs LEFT OUTER JOIN (SELECT anon_4.resource_id AS resource_id, max(anon_4.tag) AS tag
FROM (SELECT inventory.resource_id AS resource_id, JSON_VALUE(inventory.tags_json, @p1) AS tag
FROM inventory
WHERE inventory.row_id >= (SELECT min(steps.step_id) * @p2 AS anon_5
FROM steps
WHERE steps.tenant_id = @p3 AND steps.scan_id = @p4) AND inventory.row_id < (SELECT (max(steps.step_id) + @p5) * @p6 AS anon_6
FROM steps
WHERE steps.tenant_id = @p7 AND steps.scan_id = @p8) AND inventory.tenant_id = @p9 AND inventory.scan_id = @p10 AND inventory.tags_json IS NOT NULL) AS anon_4 GROUP BY anon_4.resource_id) AS anon_3 ON anon_3.resource_id = costs.resource_id
WHERE costs.row_id >= (SELECT min(steps.step_id) * @p11 AS anon_7
FROM steps
WHERE steps.tenant_id = @p12 AND steps.scan_id = @p13) AND costs.row_id < (SELECT (max(steps.step_id) + @p14) * @p15 AS anon_8
FROM steps
WHERE steps.tenant_id = @p16 AND steps.scan_id = @p17) AND costs.tenant_id = @p18 AND costs.scan_id = @p19 AND costs.billing_currency = @p20) AS anon_2) AS anon_1

GO

SELECT count(*) AS count_1
FROM (SELECT DISTINCT anon_2.value AS value
FROM (SELECT costs.service_name AS value, costs.charge_period_start AS charge_period_start, costs.billed_cost AS billed_cost
FROM costs
WHERE costs.row_id >= (SELECT min(steps.step_id) * @p1 AS anon_3
FROM steps
WHERE steps.tenant_id = @p2 AND steps.scan_id = @p3) AND costs.row_id < (SELECT (max(steps.step_id) + @p4) * @p5 AS anon_4
FROM steps
WHERE steps.tenant_id = @p6 AND steps.scan_id = @p7) AND costs.tenant_id = @p8 AND costs.scan_id = @p9 AND costs.billing_currency = @p10 AND EXISTS (SELECT costs.service_name INTERSECT SELECT @p11) AND costs.charge_period_start IN (@p12, @p13)) AS anon_2) AS anon_1

GO

SELECT count(*) AS count_1
FROM (SELECT DISTINCT anon_2.value AS value
FROM (SELECT costs.service_name AS value, costs.charge_period_start AS charge_period_start, costs.billed_cost AS billed_cost
FROM costs
WHERE costs.row_id >= (SELECT min(steps.step_id) * @p1 AS anon_3
FROM steps
WHERE steps.tenant_id = @p2 AND steps.scan_id = @p3) AND costs.row_id < (SELECT (max(steps.step_id) + @p4) * @p5 AS anon_4
FROM steps
WHERE steps.tenant_id = @p6 AND steps.scan_id = @p7) AND costs.tenant_id = @p8 AND costs.scan_id = @p9 AND costs.billing_currency = @p10) AS anon_2) AS anon_1

GO

SELECT sum(CASE WHEN (anon_1.charge_period_start = @p1) THEN anon_1.billed_cost END) AS exact_sum_1, sum(CASE WHEN (anon_1.charge_period_start = @p2) THEN anon_1.billed_cost END) AS exact_sum_2, count(*) AS count_1
FROM (SELECT costs.service_name AS value, costs.charge_period_start AS charge_period_start, costs.billed_cost AS billed_cost
FROM costs
WHERE costs.row_id >= (SELECT min(steps.step_id) * @p3 AS anon_2
FROM steps
WHERE steps.tenant_id = @p4 AND steps.scan_id = @p5) AND costs.row_id < (SELECT (max(steps.step_id) + @p6) * @p7 AS anon_3
FROM steps
WHERE steps.tenant_id = @p8 AND steps.scan_id = @p9) AND costs.tenant_id = @p10 AND costs.scan_id = @p11 AND costs.billing_currency = @p12 AND EXISTS (SELECT costs.service_name INTERSECT SELECT @p13) AND costs.charge_period_start IN (@p14, @p15)) AS anon_1

GO

SELECT sum(anon_1.billed_cost) AS exact_sum_1, CAST(NULL AS NUMERIC(38, 24)) AS anon_2, count(*) AS count_1
FROM (SELECT anon_3.tag AS value, costs.charge_period_start AS charge_period_start, costs.billed_cost AS billed_cost
FROM costs LEFT OUTER JOIN (SELECT anon_4.resource_id AS resource_id, max(anon_4.tag) AS tag
FROM (SELECT inventory.resource_id AS resource_id, JSON_VALUE(inventory.tags_json, @p1) AS tag
FROM inventory
WHERE inventory.row_id >= (SELECT min(steps.step_id) * @p2 AS anon_5
FROM steps
WHERE steps.tenant_id = @p3 AND steps.scan_id = @p4) AND inventory.row_id < (SELECT (max(steps.step_id) + @p5) * @p6 AS anon_6
FROM steps
WHERE steps.tenant_id = @p7 AND steps.scan_id = @p8) AND inventory.tenant_id = @p9 AND inventory.scan_id = @p10 AND inventory.tags_json IS NOT NULL) AS anon_4 GROUP BY anon_4.resource_id) AS anon_3 ON anon_3.resource_id = costs.resource_id
WHERE costs.row_id >= (SELECT min(steps.step_id) * @p11 AS anon_7
FROM steps
WHERE steps.tenant_id = @p12 AND steps.scan_id = @p13) AND costs.row_id < (SELECT (max(steps.step_id) + @p14) * @p15 AS anon_8
FROM steps
WHERE steps.tenant_id = @p16 AND steps.scan_id = @p17) AND costs.tenant_id = @p18 AND costs.scan_id = @p19 AND costs.billing_currency = @p20) AS anon_1

GO

SELECT sum(anon_1.billed_cost) AS exact_sum_1, CAST(NULL AS NUMERIC(38, 24)) AS anon_2, count(*) AS count_1
FROM (SELECT costs.service_name AS value, costs.charge_period_start AS charge_period_start, costs.billed_cost AS billed_cost
FROM costs
WHERE costs.row_id >= (SELECT min(steps.step_id) * @p1 AS anon_3
FROM steps
WHERE steps.tenant_id = @p2 AND steps.scan_id = @p3) AND costs.row_id < (SELECT (max(steps.step_id) + @p4) * @p5 AS anon_4
FROM steps
WHERE steps.tenant_id = @p6 AND steps.scan_id = @p7) AND costs.tenant_id = @p8 AND costs.scan_id = @p9 AND costs.billing_currency = @p10) AS anon_1

GO

-- CostExplorer.currencies

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

EXEC sp_set_session_context @key = N'tenant_id', @value = NULL; EXEC sp_set_session_context @key = N'is_system', @value = N'yes';

GO

SELECT DISTINCT costs.billing_currency
FROM costs
WHERE costs.row_id >= (SELECT min(steps.step_id) * @p1 AS anon_1
FROM steps
WHERE steps.tenant_id = @p2 AND steps.scan_id = @p3) AND costs.row_id < (SELECT (max(steps.step_id) + @p4) * @p5 AS anon_2
FROM steps
WHERE steps.tenant_id = @p6 AND steps.scan_id = @p7) AND costs.tenant_id = @p8 AND costs.scan_id = @p9

GO

-- CostExplorer.tag_names

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT inventory.tags_json
FROM inventory
WHERE inventory.row_id >= (SELECT min(steps.step_id) * @p1 AS anon_1
FROM steps
WHERE steps.tenant_id = @p2 AND steps.scan_id = @p3) AND inventory.row_id < (SELECT (max(steps.step_id) + @p4) * @p5 AS anon_2
FROM steps
WHERE steps.tenant_id = @p6 AND steps.scan_id = @p7) AND inventory.tenant_id = @p8 AND inventory.scan_id = @p9 AND inventory.tags_json IS NOT NULL
