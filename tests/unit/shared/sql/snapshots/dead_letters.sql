-- DeadLetters.delete_before

DELETE FROM dead_letters WHERE dead_letters.recorded_at < @p1

GO

EXEC sp_set_session_context @key = N'tenant_id', @value = NULL; EXEC sp_set_session_context @key = N'is_system', @value = N'yes';

GO

-- DeadLetters.get

EXEC sp_set_session_context @key = N'tenant_id', @value = NULL; EXEC sp_set_session_context @key = N'is_system', @value = N'yes';

GO

SELECT dead_letters.dead_letter_id, dead_letters.tenant_id, dead_letters.queue, dead_letters.reason, dead_letters.body_text, dead_letters.recorded_at, dead_letters.message_json, dead_letters.replayed_at, dead_letters.replayed_by_name
FROM dead_letters
WHERE dead_letters.dead_letter_id = @p1

GO

-- DeadLetters.list

EXEC sp_set_session_context @key = N'tenant_id', @value = NULL; EXEC sp_set_session_context @key = N'is_system', @value = N'yes';

GO

SELECT TOP 100 dead_letters.dead_letter_id, dead_letters.tenant_id, dead_letters.queue, dead_letters.reason, dead_letters.body_text, dead_letters.recorded_at, dead_letters.message_json, dead_letters.replayed_at, dead_letters.replayed_by_name
FROM dead_letters ORDER BY dead_letters.dead_letter_id DESC

GO

-- DeadLetters.record

EXEC sp_set_session_context @key = N'tenant_id', @value = NULL; EXEC sp_set_session_context @key = N'is_system', @value = N'yes';

GO

INSERT INTO dead_letters (tenant_id, queue, reason, body_text, recorded_at, message_json) OUTPUT inserted.dead_letter_id VALUES (@p1, @p2, @p3, @p4, @p5, @p6)

GO

INSERT INTO dead_letters (tenant_id, queue, reason, body_text, recorded_at, message_json) OUTPUT inserted.dead_letter_id VALUES (@p1, @p2, @p3, @p4, @p5, NULL)

GO

INSERT INTO dead_letters (tenant_id, queue, reason, body_text, recorded_at, message_json) OUTPUT inserted.dead_letter_id VALUES (NULL, @p1, @p2, @p3, @p4, NULL)
