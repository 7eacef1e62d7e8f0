// Azure SQL: Entra sign-in only, no public network, backups that never leave UK South.

@description('Required. Azure region.')
@allowed(['uksouth'])
param location string

@description('Required. Name of the server.')
param serverName string

@description('Required. Entra group that administers the server and runs migrations: name, objectId.')
param administratorGroup object

@description('Required. Workspace that receives the audit log.')
param workspaceId string

@description('Optional. Days for which a deleted row can still be restored; the pages quote it.')
@minValue(1)
@maxValue(35)
param backupRetentionDays int = 7

@description('Optional. Tags of every resource.')
param tags object = {}

// Who signed in and who changed rights or the schema. The default groups would keep the text of every statement,
// with customers' data in it, for longer than that data may live.
var auditedActions = [
  'SUCCESSFUL_DATABASE_AUTHENTICATION_GROUP'
  'FAILED_DATABASE_AUTHENTICATION_GROUP'
  'DATABASE_PRINCIPAL_CHANGE_GROUP'
  'DATABASE_ROLE_MEMBER_CHANGE_GROUP'
  'DATABASE_PERMISSION_CHANGE_GROUP'
  'SCHEMA_OBJECT_CHANGE_GROUP'
]

resource server 'Microsoft.Sql/servers@2023-08-01' = {
  name: serverName
  location: location
  tags: tags
  identity: { type: 'SystemAssigned' }
  properties: {
    version: '12.0'
    minimalTlsVersion: '1.2'
    publicNetworkAccess: 'Disabled'
    restrictOutboundNetworkAccess: 'Enabled'
    administrators: {
      administratorType: 'ActiveDirectory'
      principalType: 'Group'
      login: administratorGroup.name
      sid: administratorGroup.objectId
      tenantId: tenant().tenantId
      azureADOnlyAuthentication: true
    }
  }
}

resource database 'Microsoft.Sql/servers/databases@2023-08-01' = {
  // checkov:skip=CKV_AZURE_229: backups are zone-redundant; a second running replica would double the price
  parent: server
  name: 'costreview'
  location: location
  tags: tags
  // checkov:skip=CKV_AZURE_26: alerts go to the subscription's administrators (emailAccountAdmins)
  // checkov:skip=CKV_AZURE_27: likewise, at the server
  // Serverless shrinks to half a core. It does not pause: the app looks for lost messages every five minutes.
  sku: { name: 'GP_S_Gen5', tier: 'GeneralPurpose', family: 'Gen5', capacity: 2 }
  properties: {
    autoPauseDelay: -1
    minCapacity: json('0.5')
    maxSizeBytes: 107374182400
    zoneRedundant: false
    // Geo, the default, would copy backups to UK West.
    requestedBackupStorageRedundancy: 'Zone'
  }
}

resource shortTermBackups 'Microsoft.Sql/servers/databases/backupShortTermRetentionPolicies@2023-08-01' = {
  parent: database
  name: 'default'
  properties: { retentionDays: backupRetentionDays }
}

resource auditing 'Microsoft.Sql/servers/auditingSettings@2023-08-01' = {
  parent: server
  name: 'default'
  properties: { state: 'Enabled', isAzureMonitorTargetEnabled: true, auditActionsAndGroups: auditedActions }
}

resource threatDetection 'Microsoft.Sql/servers/securityAlertPolicies@2023-08-01' = {
  parent: server
  name: 'default'
  properties: { state: 'Enabled', emailAccountAdmins: true }
}

// A server's audit is sent on by its master database.
// https://learn.microsoft.com/azure/azure-sql/database/auditing-setup
resource master 'Microsoft.Sql/servers/databases@2023-08-01' existing = {
  parent: server
  name: 'master'
}

resource auditLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: master
  name: 'to-workspace'
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'SQLSecurityAuditEvents', enabled: true }]
  }
}

output serverId string = server.id
output serverName string = server.name
output serverHostName string = server.properties.fullyQualifiedDomainName
output databaseName string = database.name
output backupRetentionDays int = backupRetentionDays
