-- Who may do what in the database. Run once by the server's Entra administrator, after the first
-- `python -m shared.sql.migrate`; running it again changes nothing. Replace the two names in brackets:
--   caleta-app        the app's user-assigned managed identity
--   caleta-deploy     whoever deploys: the pipeline's identity, or a group of people
-- CREATE USER … FROM EXTERNAL PROVIDER needs an administrator who may read the directory:
-- https://learn.microsoft.com/azure/azure-sql/database/authentication-aad-service-principal-tutorial

IF USER_ID(N'caleta-app') IS NULL CREATE USER [caleta-app] FROM EXTERNAL PROVIDER;
IF USER_ID(N'caleta-deploy') IS NULL CREATE USER [caleta-deploy] FROM EXTERNAL PROVIDER;
GO

IF DATABASE_PRINCIPAL_ID(N'caleta_app') IS NULL CREATE ROLE caleta_app;
IF DATABASE_PRINCIPAL_ID(N'caleta_purge') IS NULL CREATE ROLE caleta_purge;
IF DATABASE_PRINCIPAL_ID(N'caleta_migration') IS NULL CREATE ROLE caleta_migration;
GO

-- The app reads and writes rows, and no schema. Deletions that a customer asks for are its work too.
GRANT SELECT, INSERT, UPDATE, DELETE ON SCHEMA::dbo TO caleta_app;
DENY INSERT, UPDATE, DELETE ON OBJECT::dbo.alembic_version TO caleta_app;
DENY UPDATE, DELETE ON OBJECT::dbo.audit_events TO caleta_app;
GO

-- The nightly purge may also take entries out of the activity log, by the one procedure that minds their age.
REVOKE EXECUTE ON OBJECT::dbo.delete_audit_events FROM public;
GRANT EXECUTE ON OBJECT::dbo.delete_audit_events TO caleta_purge;
GO

-- Migrations own the schema; they neither manage users nor read the server.
GRANT CONTROL ON SCHEMA::dbo TO caleta_migration;
GRANT CREATE TABLE, CREATE VIEW, CREATE FUNCTION, CREATE PROCEDURE TO caleta_migration;
GRANT ALTER ANY SECURITY POLICY TO caleta_migration;
GO

-- One Function App does both, so its identity has both roles; a second app for the purge would take one away.
ALTER ROLE caleta_app ADD MEMBER [caleta-app];
ALTER ROLE caleta_purge ADD MEMBER [caleta-app];
ALTER ROLE caleta_migration ADD MEMBER [caleta-deploy];
GO
