-- MetricSeriesStore.add

DELETE FROM metric_series WHERE metric_series.tenant_id = @p1 AND metric_series.job_id = @p2 AND metric_series.series_number >= @p3 AND metric_series.series_number < @p4

GO

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

INSERT INTO metric_series (job_id, series_number, tenant_id, scan_id, resource_id, metric_name, unit, starts_at, step_seconds, points, missing, average, p95, maximum, points_gzip) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13, @p14, @p15)

GO

UPDATE operator_jobs SET parts_done=@p1, cursor_json=@p2, lease_expires_at=@p3, updated_at=@p4 WHERE operator_jobs.tenant_id = @p5 AND operator_jobs.job_id = @p6 AND (operator_jobs.state NOT IN (@p7, @p8)) AND operator_jobs.lease_id = @p9

GO

-- MetricSeriesStore.of_job

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT metric_series.job_id, metric_series.series_number, metric_series.tenant_id, metric_series.scan_id, metric_series.resource_id, metric_series.metric_name, metric_series.unit, metric_series.starts_at, metric_series.step_seconds, metric_series.points, metric_series.missing, metric_series.average, metric_series.p95, metric_series.maximum, metric_series.points_gzip
FROM metric_series
WHERE metric_series.tenant_id = @p1 AND metric_series.job_id = @p2 ORDER BY metric_series.series_number
