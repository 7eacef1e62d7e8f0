-- Due.between

EXEC sp_set_session_context @key = N'tenant_id', @value = NULL; EXEC sp_set_session_context @key = N'is_system', @value = N'yes';

GO

SELECT 'scans', scans.tenant_id, max(scans.requested_at) AS max_1
FROM scans GROUP BY scans.tenant_id UNION ALL SELECT 'consents', connections.tenant_id, max(connections.consented_at) AS max_2
FROM connections GROUP BY connections.tenant_id UNION ALL SELECT 'counting', scans.tenant_id, max(scans.requested_at) AS max_3
FROM scans
WHERE (scans.status NOT IN (@p1, @p2)) GROUP BY scans.tenant_id

GO

-- Due.by

EXEC sp_set_session_context @key = N'tenant_id', @value = NULL; EXEC sp_set_session_context @key = N'is_system', @value = N'yes';

GO

SELECT 'scans', scans.tenant_id, max(scans.requested_at) AS max_1
FROM scans GROUP BY scans.tenant_id UNION ALL SELECT 'consents', connections.tenant_id, max(connections.consented_at) AS max_2
FROM connections GROUP BY connections.tenant_id UNION ALL SELECT 'counting', scans.tenant_id, max(scans.requested_at) AS max_3
FROM scans
WHERE (scans.status NOT IN (@p1, @p2)) GROUP BY scans.tenant_id

GO

-- Due.of

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT 'scans', scans.tenant_id, max(scans.requested_at) AS max_1
FROM scans WITH (UPDLOCK, HOLDLOCK)
WHERE scans.tenant_id = @p1 GROUP BY scans.tenant_id UNION ALL SELECT 'consents', connections.tenant_id, max(connections.consented_at) AS max_2
FROM connections WITH (UPDLOCK, HOLDLOCK)
WHERE connections.tenant_id = @p2 GROUP BY connections.tenant_id UNION ALL SELECT 'counting', scans.tenant_id, max(scans.requested_at) AS max_3
FROM scans WITH (UPDLOCK, HOLDLOCK)
WHERE scans.tenant_id = @p3 AND (scans.status NOT IN (@p4, @p5)) GROUP BY scans.tenant_id
