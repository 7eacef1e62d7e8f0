-- InventoryPages.choices

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

EXEC sp_set_session_context @key = N'tenant_id', @value = NULL; EXEC sp_set_session_context @key = N'is_system', @value = N'yes';

GO

SELECT inventory.region_id, count(*) AS count_1
FROM inventory
WHERE inventory.row_id >= (SELECT min(steps.step_id) * @p1 AS anon_1
FROM steps
WHERE steps.tenant_id = @p2 AND steps.scan_id = @p3) AND inventory.row_id < (SELECT (max(steps.step_id) + @p4) * @p5 AS anon_2
FROM steps
WHERE steps.tenant_id = @p6 AND steps.scan_id = @p7) AND inventory.tenant_id = @p8 AND inventory.scan_id = @p9 AND inventory.region_id IS NOT NULL GROUP BY inventory.region_id ORDER BY inventory.region_id

GO

SELECT inventory.resource_type, count(*) AS count_1
FROM inventory
WHERE inventory.row_id >= (SELECT min(steps.step_id) * @p1 AS anon_1
FROM steps
WHERE steps.tenant_id = @p2 AND steps.scan_id = @p3) AND inventory.row_id < (SELECT (max(steps.step_id) + @p4) * @p5 AS anon_2
FROM steps
WHERE steps.tenant_id = @p6 AND steps.scan_id = @p7) AND inventory.tenant_id = @p8 AND inventory.scan_id = @p9 AND inventory.resource_type IS NOT NULL GROUP BY inventory.resource_type ORDER BY inventory.resource_type

GO

-- InventoryPages.find

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT inventory.sub_account_id, inventory.resource_id, inventory.resource_name, inventory.resource_type, inventory.resource_group, inventory.region_id, inventory.kind, inventory.sku_json, inventory.tags_json, inventory.properties_json, count(*) OVER () AS total
FROM inventory
WHERE inventory.row_id >= (SELECT min(steps.step_id) * @p1 AS anon_1
FROM steps
WHERE steps.tenant_id = @p2 AND steps.scan_id = @p3) AND inventory.row_id < (SELECT (max(steps.step_id) + @p4) * @p5 AS anon_2
FROM steps
WHERE steps.tenant_id = @p6 AND steps.scan_id = @p7) AND inventory.tenant_id = @p8 AND inventory.scan_id = @p9 AND (lower(inventory.resource_id) LIKE @p10 ESCAPE '/' OR lower(inventory.sku_json) LIKE @p11 ESCAPE '/' OR lower(inventory.tags_json) LIKE @p12 ESCAPE '/' OR lower(inventory.properties_json) LIKE @p13 ESCAPE '/') AND inventory.resource_type = @p14 AND inventory.sub_account_id = @p15 ORDER BY inventory.resource_name, inventory.row_id
 OFFSET @p16 ROWS
 FETCH FIRST @p17 ROWS ONLY

GO

SELECT inventory.sub_account_id, inventory.resource_id, inventory.resource_name, inventory.resource_type, inventory.resource_group, inventory.region_id, inventory.kind, inventory.sku_json, inventory.tags_json, inventory.properties_json, count(*) OVER () AS total
FROM inventory
WHERE inventory.row_id >= (SELECT min(steps.step_id) * @p1 AS anon_1
FROM steps
WHERE steps.tenant_id = @p2 AND steps.scan_id = @p3) AND inventory.row_id < (SELECT (max(steps.step_id) + @p4) * @p5 AS anon_2
FROM steps
WHERE steps.tenant_id = @p6 AND steps.scan_id = @p7) AND inventory.tenant_id = @p8 AND inventory.scan_id = @p9 AND (lower(inventory.resource_id) LIKE @p10 ESCAPE '/' OR lower(inventory.sku_json) LIKE @p11 ESCAPE '/' OR lower(inventory.tags_json) LIKE @p12 ESCAPE '/' OR lower(inventory.properties_json) LIKE @p13 ESCAPE '/') ORDER BY inventory.resource_name, inventory.row_id
 OFFSET @p14 ROWS
 FETCH FIRST @p15 ROWS ONLY

GO

SELECT inventory.sub_account_id, inventory.resource_id, inventory.resource_name, inventory.resource_type, inventory.resource_group, inventory.region_id, inventory.kind, inventory.sku_json, inventory.tags_json, inventory.properties_json, count(*) OVER () AS total
FROM inventory
WHERE inventory.row_id >= (SELECT min(steps.step_id) * @p1 AS anon_1
FROM steps
WHERE steps.tenant_id = @p2 AND steps.scan_id = @p3) AND inventory.row_id < (SELECT (max(steps.step_id) + @p4) * @p5 AS anon_2
FROM steps
WHERE steps.tenant_id = @p6 AND steps.scan_id = @p7) AND inventory.tenant_id = @p8 AND inventory.scan_id = @p9 AND inventory.resource_type = @p10 ORDER BY inventory.resource_name, inventory.row_id
 OFFSET @p11 ROWS
 FETCH FIRST @p12 ROWS ONLY

GO

SELECT inventory.sub_account_id, inventory.resource_id, inventory.resource_name, inventory.resource_type, inventory.resource_group, inventory.region_id, inventory.kind, inventory.sku_json, inventory.tags_json, inventory.properties_json, count(*) OVER () AS total
FROM inventory
WHERE inventory.row_id >= (SELECT min(steps.step_id) * @p1 AS anon_1
FROM steps
WHERE steps.tenant_id = @p2 AND steps.scan_id = @p3) AND inventory.row_id < (SELECT (max(steps.step_id) + @p4) * @p5 AS anon_2
FROM steps
WHERE steps.tenant_id = @p6 AND steps.scan_id = @p7) AND inventory.tenant_id = @p8 AND inventory.scan_id = @p9 ORDER BY inventory.resource_name, inventory.row_id
 OFFSET @p10 ROWS
 FETCH FIRST @p11 ROWS ONLY

GO

-- InventoryPages.named

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT inventory.sub_account_id, inventory.resource_id, inventory.resource_name, inventory.resource_type, inventory.resource_group, inventory.region_id, inventory.kind, inventory.sku_json, inventory.tags_json, inventory.properties_json
FROM inventory
WHERE inventory.row_id >= (SELECT min(steps.step_id) * @p1 AS anon_1
FROM steps
WHERE steps.tenant_id = @p2 AND steps.scan_id = @p3) AND inventory.row_id < (SELECT (max(steps.step_id) + @p4) * @p5 AS anon_2
FROM steps
WHERE steps.tenant_id = @p6 AND steps.scan_id = @p7) AND inventory.tenant_id = @p8 AND inventory.scan_id = @p9 AND inventory.resource_id IN (@p10) ORDER BY inventory.row_id

GO

SELECT inventory.sub_account_id, inventory.resource_id, inventory.resource_name, inventory.resource_type, inventory.resource_group, inventory.region_id, inventory.kind, inventory.sku_json, inventory.tags_json, inventory.properties_json
FROM inventory
WHERE inventory.row_id >= (SELECT min(steps.step_id) * @p1 AS anon_1
FROM steps
WHERE steps.tenant_id = @p2 AND steps.scan_id = @p3) AND inventory.row_id < (SELECT (max(steps.step_id) + @p4) * @p5 AS anon_2
FROM steps
WHERE steps.tenant_id = @p6 AND steps.scan_id = @p7) AND inventory.tenant_id = @p8 AND inventory.scan_id = @p9 AND inventory.resource_id IN (@p10, @p11) ORDER BY inventory.row_id
