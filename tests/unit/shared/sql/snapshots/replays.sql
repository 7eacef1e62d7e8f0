-- Replays._whole

DELETE FROM cost_charges WHERE cost_charges.row_id >= @p1 AND cost_charges.row_id < @p2 AND cost_charges.tenant_hash = @p3

GO

DELETE FROM cost_resources WHERE cost_resources.row_id >= @p1 AND cost_resources.row_id < @p2 AND cost_resources.tenant_hash = @p3

GO

DELETE FROM costs WHERE costs.row_id >= @p1 AND costs.row_id < @p2 AND costs.tenant_hash = @p3

GO

DELETE FROM raw_pages WHERE raw_pages.tenant_id = @p1 AND raw_pages.scan_id = @p2 AND raw_pages.step_id = @p3

GO

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

INSERT INTO audit_events (occurred_at, tenant_id, user_object_id, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, reason, outcome, details_json) OUTPUT inserted.event_id VALUES (@p1, @p2, NULL, @p3, @p4, @p5, @p6, NULL, NULL, @p7, @p8, NULL)

GO

INSERT INTO operator_jobs (job_id, tenant_id, scan_id, kind, title, parameters_json, reason, requested_by, requested_by_name, requested_at, state, state_reason, summary, parts, parts_done, cursor_json, attempt, lease_id, updated_at, finished_at) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, NULL, @p13, @p14, @p15, @p16, NULL, @p17, @p18)

GO

SELECT TOP 100 steps.step_id
FROM steps
WHERE steps.tenant_id = @p1 AND steps.scan_id = @p2 AND steps.attempt > @p3

GO

UPDATE dead_letters SET replayed_at=@p1, replayed_by_name=@p2 WHERE dead_letters.dead_letter_id = @p3 AND dead_letters.tenant_id = @p4 AND dead_letters.replayed_at IS NULL

GO

UPDATE operator_jobs SET state=@p1, state_reason=NULL, summary=NULL, lease_id=NULL, lease_expires_at=NULL, updated_at=@p2, finished_at=NULL WHERE operator_jobs.tenant_id = @p3 AND operator_jobs.job_id = @p4 AND operator_jobs.state = @p5

GO

UPDATE scans SET drafting_ended_at=NULL WHERE scans.tenant_id = @p1 AND scans.scan_id = @p2

GO

UPDATE scans SET status=@p1 WHERE scans.tenant_id = @p2 AND scans.scan_id = @p3 AND scans.status = @p4

GO

UPDATE scans SET status=@p1, status_reason=NULL, finished_at=NULL WHERE scans.tenant_id = @p2 AND scans.scan_id = @p3 AND scans.status = @p4

GO

UPDATE steps SET status=@p1, status_code=NULL, status_reason=NULL, remedy_role=NULL, remedy_scope=NULL, request_index=@p2, [cursor]=NULL, simplified=@p3, pages=@p4, rows=@p5, not_before=NULL, lease_id=NULL, lease_expires_at=NULL, updated_at=@p6, plan_key=NULL, unread_json=NULL, rows_set_aside=@p7, set_aside_json=NULL WHERE steps.tenant_id = @p8 AND steps.step_id = @p9 AND steps.status = @p10
