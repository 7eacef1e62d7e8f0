-- OperatorJobs._claim

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT operator_jobs.job_id, operator_jobs.tenant_id, operator_jobs.scan_id, operator_jobs.kind, operator_jobs.title, operator_jobs.parameters_json, operator_jobs.reason, operator_jobs.requested_by, operator_jobs.requested_by_name, operator_jobs.requested_at, operator_jobs.state, operator_jobs.state_reason, operator_jobs.summary, operator_jobs.parts, operator_jobs.parts_done, operator_jobs.cursor_json, operator_jobs.attempt, operator_jobs.lease_id, operator_jobs.updated_at, operator_jobs.finished_at
FROM operator_jobs
WHERE operator_jobs.tenant_id = @p1 AND operator_jobs.job_id = @p2

GO

UPDATE operator_jobs SET state=@p1, state_reason=NULL, attempt=(operator_jobs.attempt + @p2), lease_id=@p3, lease_expires_at=@p4, updated_at=@p5 WHERE operator_jobs.tenant_id = @p6 AND operator_jobs.job_id = @p7 AND (operator_jobs.state IN (@p8, @p9) OR operator_jobs.state = @p10 AND operator_jobs.lease_expires_at <= @p11)

GO

-- OperatorJobs._give_back

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

UPDATE operator_jobs SET state=@p1, lease_id=NULL, lease_expires_at=NULL, updated_at=@p2 WHERE operator_jobs.tenant_id = @p3 AND operator_jobs.job_id = @p4 AND (operator_jobs.state NOT IN (@p5, @p6)) AND operator_jobs.lease_id = @p7

GO

UPDATE operator_jobs SET state=@p1, state_reason=@p2, lease_id=NULL, lease_expires_at=NULL, updated_at=@p3 WHERE operator_jobs.tenant_id = @p4 AND operator_jobs.job_id = @p5 AND (operator_jobs.state NOT IN (@p6, @p7)) AND operator_jobs.lease_id = @p8

GO

-- OperatorJobs.advance

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

UPDATE operator_jobs SET parts_done=@p1, cursor_json=@p2, lease_expires_at=@p3, updated_at=@p4 WHERE operator_jobs.tenant_id = @p5 AND operator_jobs.job_id = @p6 AND (operator_jobs.state NOT IN (@p7, @p8)) AND operator_jobs.lease_id = @p9

GO

-- OperatorJobs.break_leases

EXEC sp_set_session_context @key = N'tenant_id', @value = NULL; EXEC sp_set_session_context @key = N'is_system', @value = N'yes';

GO

UPDATE operator_jobs SET state=@p1, lease_id=NULL, lease_expires_at=NULL WHERE operator_jobs.state = @p2

GO

-- OperatorJobs.create

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

INSERT INTO audit_events (occurred_at, tenant_id, user_object_id, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, reason, outcome, details_json) OUTPUT inserted.event_id VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12)

GO

INSERT INTO audit_events (occurred_at, tenant_id, user_object_id, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, reason, outcome, details_json) OUTPUT inserted.event_id VALUES (@p1, @p2, NULL, @p3, @p4, @p5, @p6, NULL, NULL, @p7, @p8, NULL)

GO

INSERT INTO audit_events (occurred_at, tenant_id, user_object_id, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, reason, outcome, details_json) OUTPUT inserted.event_id VALUES (@p1, @p2, NULL, @p3, @p4, @p5, @p6, NULL, NULL, NULL, @p7, NULL)

GO

INSERT INTO operator_jobs (job_id, tenant_id, scan_id, kind, title, parameters_json, reason, requested_by, requested_by_name, requested_at, state, state_reason, summary, parts, parts_done, cursor_json, attempt, lease_id, updated_at, finished_at) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, NULL, @p13, @p14, @p15, @p16, NULL, @p17, @p18)

GO

INSERT INTO operator_jobs (job_id, tenant_id, scan_id, kind, title, parameters_json, reason, requested_by, requested_by_name, requested_at, state, state_reason, summary, parts, parts_done, cursor_json, attempt, lease_id, updated_at, finished_at) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, NULL, NULL, @p12, @p13, NULL, @p14, NULL, @p15, NULL)

GO

SELECT scans.scan_id
FROM scans WITH (UPDLOCK)
WHERE scans.tenant_id = @p1 AND scans.scan_id = @p2

GO

-- OperatorJobs.finish

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

INSERT INTO audit_events (occurred_at, tenant_id, user_object_id, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, reason, outcome, details_json) OUTPUT inserted.event_id VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12)

GO

UPDATE operator_jobs SET state=@p1, state_reason=@p2, summary=NULL, lease_id=NULL, lease_expires_at=NULL, updated_at=@p3, finished_at=@p4 WHERE operator_jobs.tenant_id = @p5 AND operator_jobs.job_id = @p6 AND (operator_jobs.state NOT IN (@p7, @p8)) AND operator_jobs.lease_id = @p9

GO

UPDATE operator_jobs SET state=@p1, state_reason=NULL, summary=@p2, lease_id=NULL, lease_expires_at=NULL, updated_at=@p3, finished_at=@p4 WHERE operator_jobs.tenant_id = @p5 AND operator_jobs.job_id = @p6 AND (operator_jobs.state NOT IN (@p7, @p8)) AND operator_jobs.lease_id = @p9

GO

-- OperatorJobs.get

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

EXEC sp_set_session_context @key = N'tenant_id', @value = NULL; EXEC sp_set_session_context @key = N'is_system', @value = N'yes';

GO

SELECT operator_jobs.job_id, operator_jobs.tenant_id, operator_jobs.scan_id, operator_jobs.kind, operator_jobs.title, operator_jobs.parameters_json, operator_jobs.reason, operator_jobs.requested_by, operator_jobs.requested_by_name, operator_jobs.requested_at, operator_jobs.state, operator_jobs.state_reason, operator_jobs.summary, operator_jobs.parts, operator_jobs.parts_done, operator_jobs.cursor_json, operator_jobs.attempt, operator_jobs.lease_id, operator_jobs.updated_at, operator_jobs.finished_at
FROM operator_jobs
WHERE operator_jobs.tenant_id = @p1 AND operator_jobs.job_id = @p2

GO

-- OperatorJobs.list

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT TOP 100 operator_jobs.job_id, operator_jobs.tenant_id, operator_jobs.scan_id, operator_jobs.kind, operator_jobs.title, operator_jobs.parameters_json, operator_jobs.reason, operator_jobs.requested_by, operator_jobs.requested_by_name, operator_jobs.requested_at, operator_jobs.state, operator_jobs.state_reason, operator_jobs.summary, operator_jobs.parts, operator_jobs.parts_done, operator_jobs.cursor_json, operator_jobs.attempt, operator_jobs.lease_id, operator_jobs.updated_at, operator_jobs.finished_at
FROM operator_jobs
WHERE operator_jobs.tenant_id = @p1 AND operator_jobs.scan_id = @p2 ORDER BY operator_jobs.requested_at DESC, operator_jobs.job_id

GO

-- OperatorJobs.stale

EXEC sp_set_session_context @key = N'tenant_id', @value = NULL; EXEC sp_set_session_context @key = N'is_system', @value = N'yes';

GO

SELECT operator_jobs.job_id, operator_jobs.tenant_id, operator_jobs.scan_id, operator_jobs.kind, operator_jobs.title, operator_jobs.parameters_json, operator_jobs.reason, operator_jobs.requested_by, operator_jobs.requested_by_name, operator_jobs.requested_at, operator_jobs.state, operator_jobs.state_reason, operator_jobs.summary, operator_jobs.parts, operator_jobs.parts_done, operator_jobs.cursor_json, operator_jobs.attempt, operator_jobs.lease_id, operator_jobs.updated_at, operator_jobs.finished_at
FROM operator_jobs
WHERE operator_jobs.state IN (@p1, @p2) AND operator_jobs.updated_at <= @p3 OR operator_jobs.state = @p4 AND operator_jobs.lease_expires_at <= @p5
