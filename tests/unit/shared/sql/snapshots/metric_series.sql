-- MetricSeriesStore.of_job

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT metric_series.job_id, metric_series.series_number, metric_series.tenant_id, metric_series.scan_id, metric_series.resource_id, metric_series.metric_name, metric_series.unit, metric_series.starts_at, metric_series.step_seconds, metric_series.points, metric_series.missing, metric_series.average, metric_series.p95, metric_series.maximum, metric_series.points_gzip
FROM metric_series
WHERE metric_series.tenant_id = @p1 AND metric_series.job_id = @p2 ORDER BY metric_series.series_number
