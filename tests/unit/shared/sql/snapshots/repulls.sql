-- Repulls.restate

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

UPDATE scans SET status=@p1, status_reason=NULL, drafting_ended_at=NULL WHERE scans.tenant_id = @p2 AND scans.scan_id = @p3 AND scans.status = @p4
