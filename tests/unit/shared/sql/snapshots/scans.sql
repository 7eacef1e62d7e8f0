-- ScanMails.write

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

INSERT INTO outbox (mail_id, tenant_id, scan_id, kind, recipient, state, code, attempt, not_before, changed_at) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, NULL, @p7, NULL, @p8)

GO

SELECT outbox.kind
FROM outbox
WHERE outbox.tenant_id = @p1 AND outbox.scan_id = @p2

GO

SELECT scans.scan_id
FROM scans WITH (UPDLOCK)
WHERE scans.tenant_id = @p1 AND scans.scan_id = @p2

GO

-- Scans._begin

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

UPDATE scans SET status=@p1 WHERE scans.tenant_id = @p2 AND scans.scan_id = @p3 AND scans.status = @p4

GO

UPDATE scans SET status=@p1, has_totals=@p2 WHERE scans.tenant_id = @p3 AND scans.scan_id = @p4 AND scans.status = @p5 AND NOT (EXISTS (SELECT *
FROM steps
WHERE steps.tenant_id = scans.tenant_id AND steps.scan_id = scans.scan_id AND (steps.status NOT IN (@p6, @p7))))

GO

-- Scans._end

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

INSERT INTO audit_events (occurred_at, tenant_id, user_object_id, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, reason, outcome, details_json) OUTPUT inserted.event_id VALUES (@p1, @p2, @p3, @p4, NULL, NULL, @p5, @p6, @p7, @p8, @p9, @p10)

GO

INSERT INTO audit_events (occurred_at, tenant_id, user_object_id, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, reason, outcome, details_json) OUTPUT inserted.event_id VALUES (@p1, @p2, @p3, @p4, NULL, NULL, @p5, @p6, @p7, NULL, @p8, @p9)

GO

INSERT INTO outbox (mail_id, tenant_id, scan_id, kind, recipient, state, code, attempt, not_before, changed_at) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, NULL, @p7, NULL, @p8)

GO

SELECT cost_totals.billing_currency, sum(cost_totals.billed_cost) AS billed_cost
FROM cost_totals
WHERE cost_totals.tenant_id = @p1 AND cost_totals.scan_id = @p2 AND cost_totals.dimension = @p3 GROUP BY cost_totals.billing_currency ORDER BY cost_totals.billing_currency

GO

SELECT count(*) AS count_1, sum(CASE WHEN (anon_1.missing = @p1) THEN @p2 ELSE @p3 END) AS sum_1
FROM (SELECT sum(CASE WHEN (steps.status = @p4 AND steps.unread_json IS NULL AND steps.rows_set_aside = @p5) THEN @p6 ELSE @p7 END) AS missing
FROM steps
WHERE steps.tenant_id = @p8 AND steps.scan_id = @p9 GROUP BY steps.subscription_id) AS anon_1

GO

SELECT outbox.kind
FROM outbox
WHERE outbox.tenant_id = @p1 AND outbox.scan_id = @p2

GO

SELECT scans.tenant_id, scans.scan_id, scans.user_object_id, scans.status, scans.status_reason, scans.requested_at, scans.finished_at, scans.period_start, scans.period_end, scans.left_out_json
FROM scans
WHERE scans.tenant_id = @p1 AND scans.scan_id = @p2 AND scans.status IN (@p3, @p4)

GO

SELECT scans.tenant_id, scans.scan_id, scans.user_object_id, scans.status, scans.status_reason, scans.requested_at, scans.finished_at, scans.period_start, scans.period_end, scans.left_out_json
FROM scans
WHERE scans.tenant_id = @p1 AND scans.user_object_id = @p2 AND scans.status IN (@p3, @p4)

GO

UPDATE scans SET status=@p1, status_reason=@p2, finished_at=@p3, subscriptions=@p4, subscriptions_in_full=@p5, spend_json=@p6 WHERE scans.tenant_id = @p7 AND scans.scan_id = @p8 AND scans.status IN (@p9, @p10)

GO

UPDATE scans SET status=@p1, status_reason=NULL, finished_at=@p2, subscriptions=@p3, subscriptions_in_full=@p4, spend_json=@p5 WHERE scans.tenant_id = @p6 AND scans.scan_id = @p7 AND scans.status IN (@p8, @p9)

GO

-- Scans._insert

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

INSERT INTO audit_events (occurred_at, tenant_id, user_object_id, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, reason, outcome, details_json) OUTPUT inserted.event_id VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, NULL, @p10, @p11)

GO

INSERT INTO scans (scan_id, tenant_id, user_object_id, status, status_reason, requested_at, finished_at, period_start, period_end, left_out_json) VALUES (@p1, @p2, @p3, @p4, NULL, @p5, NULL, @p6, @p7, NULL)

GO

SELECT connections.user_object_id
FROM connections WITH (UPDLOCK)
WHERE connections.tenant_id = @p1 AND connections.user_object_id = @p2

GO

SELECT connections.username
FROM connections
WHERE connections.tenant_id = @p1 AND connections.user_object_id = @p2

GO

-- Scans.end_drafting

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

UPDATE scans SET drafting_ended_at=@p1 WHERE scans.tenant_id = @p2 AND scans.scan_id = @p3

GO

-- Scans.get

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT scans.tenant_id, scans.scan_id, scans.user_object_id, scans.status, scans.status_reason, scans.requested_at, scans.finished_at, scans.period_start, scans.period_end, scans.left_out_json
FROM scans
WHERE scans.tenant_id = @p1 AND scans.scan_id = @p2

GO

-- Scans.has_totals

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT scans.has_totals
FROM scans
WHERE scans.tenant_id = @p1 AND scans.scan_id = @p2

GO

-- Scans.note_left_out

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

UPDATE scans SET left_out_json=@p1 WHERE scans.tenant_id = @p2 AND scans.scan_id = @p3

GO

-- Scans.note_totals

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

UPDATE scans SET has_totals=@p1 WHERE scans.tenant_id = @p2 AND scans.scan_id = @p3

GO

-- Scans.recent

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

EXEC sp_set_session_context @key = N'tenant_id', @value = NULL; EXEC sp_set_session_context @key = N'is_system', @value = N'yes';

GO

SELECT TOP 100 scans.tenant_id, scans.scan_id, scans.user_object_id, scans.status, scans.status_reason, scans.requested_at, scans.finished_at, scans.period_start, scans.period_end, scans.left_out_json
FROM scans
WHERE scans.tenant_id = @p1 AND scans.user_object_id = @p2 ORDER BY scans.requested_at DESC, scans.scan_id

GO

-- Scans.requested_at

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT scans.scan_id, scans.requested_at
FROM scans
WHERE scans.tenant_id = @p1 AND scans.scan_id IN (@p2)

GO

-- Scans.stuck

EXEC sp_set_session_context @key = N'tenant_id', @value = NULL; EXEC sp_set_session_context @key = N'is_system', @value = N'yes';

GO

SELECT scans.tenant_id, scans.scan_id, scans.user_object_id, scans.status, scans.status_reason, scans.requested_at, scans.finished_at, scans.period_start, scans.period_end, scans.left_out_json
FROM scans
WHERE (scans.status IN (@p1, @p2) OR scans.status = @p3 AND NOT (EXISTS (SELECT *
FROM steps
WHERE steps.tenant_id = scans.tenant_id AND steps.scan_id = scans.scan_id AND (steps.status NOT IN (@p4, @p5))))) AND coalesce((SELECT max(steps.updated_at) AS max_1
FROM steps
WHERE steps.tenant_id = scans.tenant_id AND steps.scan_id = scans.scan_id), scans.requested_at) <= @p6

GO

-- Scans.undrafted

EXEC sp_set_session_context @key = N'tenant_id', @value = NULL; EXEC sp_set_session_context @key = N'is_system', @value = N'yes';

GO

SELECT scans.tenant_id, scans.scan_id, scans.user_object_id, scans.status, scans.status_reason, scans.requested_at, scans.finished_at, scans.period_start, scans.period_end, scans.left_out_json
FROM scans
WHERE scans.status IN (@p1, @p2) AND scans.drafting_ended_at IS NULL AND scans.finished_at <= @p3
