-- AdhocResults.get

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT adhoc_results.job_id, adhoc_results.tenant_id, adhoc_results.scan_id, adhoc_results.rows, adhoc_results.total_rows, adhoc_results.table_gzip, adhoc_results.received_at
FROM adhoc_results
WHERE adhoc_results.tenant_id = @p1 AND adhoc_results.job_id = @p2
