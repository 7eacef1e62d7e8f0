-- Due.between

EXEC sp_set_session_context @key = N'tenant_id', @value = NULL; EXEC sp_set_session_context @key = N'is_system', @value = N'yes';

GO

SELECT connections.tenant_id, max(connections.consented_at) AS max_1
FROM connections GROUP BY connections.tenant_id

GO

SELECT scans.tenant_id, max(scans.requested_at) AS max_1
FROM scans
WHERE (scans.status NOT IN (@p1, @p2)) GROUP BY scans.tenant_id

GO

SELECT scans.tenant_id, max(scans.requested_at) AS max_1
FROM scans GROUP BY scans.tenant_id

GO

-- Due.by

EXEC sp_set_session_context @key = N'tenant_id', @value = NULL; EXEC sp_set_session_context @key = N'is_system', @value = N'yes';

GO

SELECT connections.tenant_id, max(connections.consented_at) AS max_1
FROM connections GROUP BY connections.tenant_id

GO

SELECT scans.tenant_id, max(scans.requested_at) AS max_1
FROM scans
WHERE (scans.status NOT IN (@p1, @p2)) GROUP BY scans.tenant_id

GO

SELECT scans.tenant_id, max(scans.requested_at) AS max_1
FROM scans GROUP BY scans.tenant_id

GO

-- Due.of

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT connections.tenant_id, max(connections.consented_at) AS max_1
FROM connections WITH (UPDLOCK, HOLDLOCK)
WHERE connections.tenant_id = @p1 GROUP BY connections.tenant_id

GO

SELECT scans.tenant_id, max(scans.requested_at) AS max_1
FROM scans WITH (UPDLOCK, HOLDLOCK)
WHERE (scans.status NOT IN (@p1, @p2)) AND scans.tenant_id = @p3 GROUP BY scans.tenant_id

GO

SELECT scans.tenant_id, max(scans.requested_at) AS max_1
FROM scans WITH (UPDLOCK, HOLDLOCK)
WHERE scans.tenant_id = @p1 GROUP BY scans.tenant_id
