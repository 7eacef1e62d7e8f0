-- Who may do what in the database. `python -m shared.sql.roles` makes the three users and then runs this, after every
-- migration; running it again changes nothing.
--   caleta-app        the app's user-assigned managed identity
--   caleta-purge      the identity that takes old entries out of the activity log (PURGE_IDENTITY_CLIENT_ID)
--   caleta-deploy     the group that deploys: engineers and the pipeline's identity

IF DATABASE_PRINCIPAL_ID(N'caleta_app') IS NULL CREATE ROLE caleta_app;
IF DATABASE_PRINCIPAL_ID(N'caleta_purge') IS NULL CREATE ROLE caleta_purge;
IF DATABASE_PRINCIPAL_ID(N'caleta_migration') IS NULL CREATE ROLE caleta_migration;
GO

-- The app reads and writes rows, and no schema. It deletes too: what customers ask to have deleted, and each
-- night what is due. A new table needs no new right.
GRANT SELECT, INSERT, UPDATE, DELETE ON SCHEMA::dbo TO caleta_app;
GO

-- What is on record stays as it is: nothing of it is changed, and of the activity log and the nights nothing deleted.
DENY UPDATE, DELETE ON OBJECT::dbo.audit_events TO caleta_app;
DENY INSERT, UPDATE, DELETE ON OBJECT::dbo.audit_cutoffs TO caleta_app;
DENY UPDATE, DELETE ON OBJECT::dbo.deletion_ledger TO caleta_app;
DENY UPDATE, DELETE ON OBJECT::dbo.purge_runs TO caleta_app;
DENY UPDATE, DELETE ON OBJECT::dbo.purge_run_results TO caleta_app;
DENY INSERT, UPDATE, DELETE ON OBJECT::dbo.alembic_version TO caleta_app;
-- What Azure said is not changed, and nor is a finding's history; both are deleted with the rest. roles.py adds the
-- same line for each table of collected rows.
DENY UPDATE ON OBJECT::dbo.raw_pages TO caleta_app;
DENY UPDATE ON OBJECT::dbo.finding_versions TO caleta_app;
GO

-- The purge may take old entries out of the activity log, by the one procedure that minds their age, and nothing else.
REVOKE EXECUTE ON OBJECT::dbo.delete_audit_events FROM public;
GRANT EXECUTE ON OBJECT::dbo.delete_audit_events TO caleta_purge;
GO

-- Migrations own the schema; they neither manage users nor read the server.
GRANT CONTROL ON SCHEMA::dbo TO caleta_migration;
GRANT CREATE TABLE, CREATE VIEW, CREATE FUNCTION, CREATE PROCEDURE TO caleta_migration;
GRANT ALTER ANY SECURITY POLICY TO caleta_migration;
GO

-- The app runs as its own identity and asks for a token of the other for that one procedure.
ALTER ROLE caleta_app ADD MEMBER [caleta-app];
ALTER ROLE caleta_purge ADD MEMBER [caleta-purge];
-- A member of the group who is the server's administrator already is dbo; then there may be no such user.
IF USER_ID(N'caleta-deploy') IS NOT NULL ALTER ROLE caleta_migration ADD MEMBER [caleta-deploy];
GO
