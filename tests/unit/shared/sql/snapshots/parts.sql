-- insert_resources

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

INSERT INTO finding_resources (finding_id, position, tenant_id, scan_id, resource_id, resource_name, resource_type, sub_account_id, resource_group, region_id, evidence_json, note, is_excluded, owner_tag) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, NULL, NULL, @p9, NULL, @p10, NULL)

GO

INSERT INTO finding_savings (finding_id, position, currency, tenant_id, scan_id, monthly, basis, yearly) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, NULL)
