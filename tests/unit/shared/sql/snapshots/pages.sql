-- StoredPages.body

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

EXEC sp_set_session_context @key = N'tenant_id', @value = NULL; EXEC sp_set_session_context @key = N'is_system', @value = N'yes';

GO

SELECT raw_pages.body_gzip
FROM raw_pages
WHERE raw_pages.tenant_id = @p1 AND raw_pages.scan_id = @p2 AND raw_pages.step_id = @p3 AND raw_pages.page_number = @p4
