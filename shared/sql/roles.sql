-- The database's roles and their members. `python -m shared.sql.roles open` makes the three users and then runs this;
-- running it again changes nothing. What each role may do is listed in rights.py.
--   caleta-app        the app's user-assigned managed identity
--   caleta-purge      the identity that deletes old entries of the activity log (PURGE_IDENTITY_CLIENT_ID)
--   caleta-deploy     the group that deploys: engineers and the pipeline's identity

IF DATABASE_PRINCIPAL_ID(N'caleta_app') IS NULL CREATE ROLE caleta_app;
IF DATABASE_PRINCIPAL_ID(N'caleta_purge') IS NULL CREATE ROLE caleta_purge;
IF DATABASE_PRINCIPAL_ID(N'caleta_migration') IS NULL CREATE ROLE caleta_migration;
GO

-- The app runs as its own identity and asks for a token of the other for one procedure.
ALTER ROLE caleta_app ADD MEMBER [caleta-app];
ALTER ROLE caleta_purge ADD MEMBER [caleta-purge];
-- A member of the group who is the server's administrator already is dbo; then there may be no such user.
IF USER_ID(N'caleta-deploy') IS NOT NULL ALTER ROLE caleta_migration ADD MEMBER [caleta-deploy];
GO
