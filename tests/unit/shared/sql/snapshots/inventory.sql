-- InventoryPages.choices

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT inventory.region_id, count(*) AS count_1
FROM inventory
WHERE inventory.row_id >= @p1 AND inventory.row_id < @p2 AND inventory.tenant_id = @p3 AND inventory.scan_id = @p4 AND inventory.region_id IS NOT NULL GROUP BY inventory.region_id ORDER BY inventory.region_id

GO

SELECT inventory.resource_type, count(*) AS count_1
FROM inventory
WHERE inventory.row_id >= @p1 AND inventory.row_id < @p2 AND inventory.tenant_id = @p3 AND inventory.scan_id = @p4 AND inventory.resource_type IS NOT NULL GROUP BY inventory.resource_type ORDER BY inventory.resource_type

GO

SELECT min(steps.step_id) AS min_1, max(steps.step_id) AS max_1
FROM steps
WHERE steps.tenant_id = @p1 AND steps.scan_id = @p2

GO

-- InventoryPages.each

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT inventory.sub_account_id, inventory.resource_id, inventory.resource_name, inventory.resource_type, inventory.resource_group, inventory.region_id, inventory.kind, inventory.sku_json, inventory.tags_json, inventory.properties_json
FROM inventory
WHERE inventory.row_id >= @p1 AND inventory.row_id < @p2 AND inventory.tenant_id = @p3 AND inventory.scan_id = @p4 ORDER BY inventory.row_id

GO

-- InventoryPages.find

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT inventory.sub_account_id, inventory.resource_id, inventory.resource_name, inventory.resource_type, inventory.resource_group, inventory.region_id, inventory.kind, inventory.sku_json, inventory.tags_json, inventory.properties_json, count(*) OVER () AS total
FROM inventory
WHERE inventory.row_id >= @p1 AND inventory.row_id < @p2 AND inventory.tenant_id = @p3 AND inventory.scan_id = @p4 AND (lower(inventory.resource_id) LIKE @p5 ESCAPE '/' OR lower(inventory.sku_json) LIKE @p6 ESCAPE '/' OR lower(inventory.tags_json) LIKE @p7 ESCAPE '/' OR lower(inventory.properties_json) LIKE @p8 ESCAPE '/') AND inventory.resource_type = @p9 AND inventory.sub_account_id = @p10 ORDER BY inventory.resource_name, inventory.row_id
 OFFSET @p11 ROWS
 FETCH FIRST @p12 ROWS ONLY

GO

SELECT inventory.sub_account_id, inventory.resource_id, inventory.resource_name, inventory.resource_type, inventory.resource_group, inventory.region_id, inventory.kind, inventory.sku_json, inventory.tags_json, inventory.properties_json, count(*) OVER () AS total
FROM inventory
WHERE inventory.row_id >= @p1 AND inventory.row_id < @p2 AND inventory.tenant_id = @p3 AND inventory.scan_id = @p4 AND (lower(inventory.resource_id) LIKE @p5 ESCAPE '/' OR lower(inventory.sku_json) LIKE @p6 ESCAPE '/' OR lower(inventory.tags_json) LIKE @p7 ESCAPE '/' OR lower(inventory.properties_json) LIKE @p8 ESCAPE '/') ORDER BY inventory.resource_name, inventory.row_id
 OFFSET @p9 ROWS
 FETCH FIRST @p10 ROWS ONLY

GO

SELECT inventory.sub_account_id, inventory.resource_id, inventory.resource_name, inventory.resource_type, inventory.resource_group, inventory.region_id, inventory.kind, inventory.sku_json, inventory.tags_json, inventory.properties_json, count(*) OVER () AS total
FROM inventory
WHERE inventory.row_id >= @p1 AND inventory.row_id < @p2 AND inventory.tenant_id = @p3 AND inventory.scan_id = @p4 AND inventory.resource_type = @p5 ORDER BY inventory.resource_name, inventory.row_id
 OFFSET @p6 ROWS
 FETCH FIRST @p7 ROWS ONLY

GO

SELECT inventory.sub_account_id, inventory.resource_id, inventory.resource_name, inventory.resource_type, inventory.resource_group, inventory.region_id, inventory.kind, inventory.sku_json, inventory.tags_json, inventory.properties_json, count(*) OVER () AS total
FROM inventory
WHERE inventory.row_id >= @p1 AND inventory.row_id < @p2 AND inventory.tenant_id = @p3 AND inventory.scan_id = @p4 ORDER BY inventory.resource_name, inventory.row_id
 OFFSET @p5 ROWS
 FETCH FIRST @p6 ROWS ONLY

GO

SELECT min(steps.step_id) AS min_1, max(steps.step_id) AS max_1
FROM steps
WHERE steps.tenant_id = @p1 AND steps.scan_id = @p2

GO

-- InventoryPages.named

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT inventory.sub_account_id, inventory.resource_id, inventory.resource_name, inventory.resource_type, inventory.resource_group, inventory.region_id, inventory.kind, inventory.sku_json, inventory.tags_json, inventory.properties_json
FROM inventory
WHERE inventory.row_id >= @p1 AND inventory.row_id < @p2 AND inventory.tenant_id = @p3 AND inventory.scan_id = @p4 AND inventory.resource_id IN (@p5) ORDER BY inventory.row_id

GO

SELECT inventory.sub_account_id, inventory.resource_id, inventory.resource_name, inventory.resource_type, inventory.resource_group, inventory.region_id, inventory.kind, inventory.sku_json, inventory.tags_json, inventory.properties_json
FROM inventory
WHERE inventory.row_id >= @p1 AND inventory.row_id < @p2 AND inventory.tenant_id = @p3 AND inventory.scan_id = @p4 AND inventory.resource_id IN (@p5, @p6) ORDER BY inventory.row_id

GO

SELECT min(steps.step_id) AS min_1, max(steps.step_id) AS max_1
FROM steps
WHERE steps.tenant_id = @p1 AND steps.scan_id = @p2

GO

-- InventoryPages.of_names

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT inventory.sub_account_id, inventory.resource_id, inventory.resource_name, inventory.resource_type, inventory.resource_group, inventory.region_id, inventory.kind, inventory.sku_json, inventory.tags_json, inventory.properties_json
FROM inventory
WHERE inventory.row_id >= @p1 AND inventory.row_id < @p2 AND inventory.tenant_id = @p3 AND inventory.scan_id = @p4 AND lower(inventory.resource_name) IN (@p5) ORDER BY inventory.row_id

GO

SELECT min(steps.step_id) AS min_1, max(steps.step_id) AS max_1
FROM steps
WHERE steps.tenant_id = @p1 AND steps.scan_id = @p2
