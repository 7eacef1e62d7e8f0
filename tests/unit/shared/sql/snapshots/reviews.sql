-- Reviews._transact

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

INSERT INTO audit_events (occurred_at, tenant_id, user_object_id, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, reason, outcome, details_json) OUTPUT inserted.event_id VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, NULL)

GO

INSERT INTO audit_events (occurred_at, tenant_id, user_object_id, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, reason, outcome, details_json) OUTPUT inserted.event_id VALUES (@p1, @p2, NULL, @p3, @p4, @p5, @p6, NULL, NULL, NULL, @p7, NULL)

GO

INSERT INTO audit_events (occurred_at, tenant_id, user_object_id, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, reason, outcome, details_json) OUTPUT inserted.event_id VALUES (@p1, @p2, NULL, @p3, NULL, NULL, @p4, NULL, NULL, NULL, @p5, NULL)

GO

INSERT INTO reviews (tenant_id, scan_id) VALUES (@p1, @p2)

GO

SELECT reviews.scan_id
FROM reviews
WHERE reviews.tenant_id = @p1 AND reviews.scan_id = @p2

GO

SELECT scans.scan_id
FROM scans WITH (UPDLOCK)
WHERE scans.tenant_id = @p1 AND scans.scan_id = @p2

GO

UPDATE reviews SET claimed_by=@p1, claimed_by_name=@p2, claimed_at=@p3 WHERE reviews.tenant_id = @p4 AND reviews.scan_id = @p5 AND EXISTS (SELECT reviews.claimed_by INTERSECT SELECT @p6)

GO

UPDATE reviews SET claimed_by=@p1, claimed_by_name=@p2, claimed_at=@p3 WHERE reviews.tenant_id = @p4 AND reviews.scan_id = @p5 AND EXISTS (SELECT reviews.claimed_by INTERSECT SELECT NULL)

GO

UPDATE reviews SET claimed_by=NULL, claimed_by_name=NULL, claimed_at=NULL WHERE reviews.tenant_id = @p1 AND reviews.scan_id = @p2 AND EXISTS (SELECT reviews.claimed_by INTERSECT SELECT @p3)

GO

UPDATE reviews SET published_by=@p1, published_by_name=@p2, published_at=@p3 WHERE reviews.tenant_id = @p4 AND reviews.scan_id = @p5 AND reviews.published_at IS NULL

GO

UPDATE scans SET review_published_at=@p1 WHERE scans.tenant_id = @p2 AND scans.scan_id = @p3

GO

-- Reviews.get

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

EXEC sp_set_session_context @key = N'tenant_id', @value = NULL; EXEC sp_set_session_context @key = N'is_system', @value = N'yes';

GO

SELECT reviews.tenant_id, reviews.scan_id, reviews.claimed_by, reviews.claimed_by_name, reviews.claimed_at, reviews.published_by, reviews.published_by_name, reviews.published_at, reviews.findings_deleted_at
FROM reviews
WHERE reviews.tenant_id = @p1 AND reviews.scan_id = @p2
