-- Customers.find

EXEC sp_set_session_context @key = N'tenant_id', @value = NULL; EXEC sp_set_session_context @key = N'is_system', @value = N'yes';

GO

SELECT TOP 100 anon_1.tenant_id
FROM (SELECT connections.tenant_id AS tenant_id
FROM connections
WHERE connections.tenant_id = @p1 OR lower(connections.username) LIKE @p2 ESCAPE '/' UNION SELECT scans.tenant_id AS tenant_id
FROM scans
WHERE scans.tenant_id = @p3 UNION SELECT audit_events.tenant_id AS tenant_id
FROM audit_events
WHERE audit_events.tenant_id IS NOT NULL AND (audit_events.tenant_id = @p4 OR audit_events.actor_kind = @p5 AND lower(audit_events.actor_name) LIKE @p6 ESCAPE '/')) AS anon_1

GO

SELECT TOP 100 anon_1.tenant_id
FROM (SELECT connections.tenant_id AS tenant_id
FROM connections UNION SELECT scans.tenant_id AS tenant_id
FROM scans) AS anon_1

GO

SELECT connections.tenant_id, connections.user_object_id, connections.username, connections.state, connections.consented_at
FROM connections
WHERE connections.tenant_id IN (@p1)

GO

SELECT connections.tenant_id, connections.user_object_id, connections.username, connections.state, connections.consented_at
FROM connections
WHERE connections.tenant_id IN (NULL) AND (1 != 1)

GO

SELECT scans.tenant_id, scans.user_object_id, count(*) AS number, max(scans.requested_at) AS latest
FROM scans
WHERE scans.tenant_id IN (@p1) GROUP BY scans.tenant_id, scans.user_object_id

GO

SELECT scans.tenant_id, scans.user_object_id, count(*) AS number, max(scans.requested_at) AS latest
FROM scans
WHERE scans.tenant_id IN (NULL) AND (1 != 1) GROUP BY scans.tenant_id, scans.user_object_id

GO

-- Customers.is_known

EXEC sp_set_session_context @key = N'tenant_id', @value = NULL; EXEC sp_set_session_context @key = N'is_system', @value = N'yes';

GO

SELECT TOP 100 audit_events.tenant_id
FROM audit_events
WHERE audit_events.tenant_id = @p1

GO

SELECT TOP 100 connections.tenant_id
FROM connections
WHERE connections.tenant_id = @p1

GO

SELECT TOP 100 purges.tenant_id
FROM purges
WHERE purges.tenant_id = @p1

GO

SELECT TOP 100 scans.tenant_id
FROM scans
WHERE scans.tenant_id = @p1

GO

-- Customers.names

EXEC sp_set_session_context @key = N'tenant_id', @value = NULL; EXEC sp_set_session_context @key = N'is_system', @value = N'yes';

GO

SELECT connections.tenant_id, connections.user_object_id, connections.username, connections.state, connections.consented_at
FROM connections
WHERE connections.tenant_id IN (@p1)

GO

SELECT connections.tenant_id, connections.user_object_id, connections.username, connections.state, connections.consented_at
FROM connections
WHERE connections.tenant_id IN (NULL) AND (1 != 1)

GO

SELECT scans.tenant_id, scans.user_object_id, count(*) AS number, max(scans.requested_at) AS latest
FROM scans
WHERE scans.tenant_id IN (@p1) GROUP BY scans.tenant_id, scans.user_object_id

GO

SELECT scans.tenant_id, scans.user_object_id, count(*) AS number, max(scans.requested_at) AS latest
FROM scans
WHERE scans.tenant_id IN (NULL) AND (1 != 1) GROUP BY scans.tenant_id, scans.user_object_id

GO

-- Customers.users

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

EXEC sp_set_session_context @key = N'tenant_id', @value = NULL; EXEC sp_set_session_context @key = N'is_system', @value = N'yes';

GO

SELECT connections.tenant_id, connections.user_object_id, connections.username, connections.state, connections.consented_at
FROM connections
WHERE connections.tenant_id IN (@p1)

GO

SELECT scans.tenant_id, scans.user_object_id, count(*) AS number, max(scans.requested_at) AS latest
FROM scans
WHERE scans.tenant_id IN (@p1) GROUP BY scans.tenant_id, scans.user_object_id
