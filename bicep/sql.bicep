// Azure SQL: Entra sign-in only, no public network, backups that never leave UK South.

import { entraGroup, tagSet } from 'types.bicep'

@description('Required. Azure region.')
@allowed(['uksouth'])
param location string

@description('Required. Name of the server.')
param serverName string

@description('Required. Entra group that administers the server and runs migrations.')
param administratorGroup entraGroup

@description('Optional. Whether the server already exists: Azure takes its administrators at creation only and may refuse them later.')
param serverExists bool = false

@description('Required. Workspace that receives the audit log.')
param workspaceId string

@description('Optional. Days for which a deleted row can still be restored; the pages quote it.')
@minValue(1)
@maxValue(35)
param backupRetentionDays int = 7

@description('Optional. Tags of every resource.')
param tags tagSet = {}

// Sign-ins and changes of rights or of the schema. The default groups would keep the text of every statement,
// with customers' data in it, for longer than that data may live.
var auditedActions = [
  'SUCCESSFUL_DATABASE_AUTHENTICATION_GROUP'
  'FAILED_DATABASE_AUTHENTICATION_GROUP'
  'DATABASE_PRINCIPAL_CHANGE_GROUP'
  'DATABASE_ROLE_MEMBER_CHANGE_GROUP'
  'DATABASE_PERMISSION_CHANGE_GROUP'
  'DATABASE_OBJECT_PERMISSION_CHANGE_GROUP' // rights on a schema
  'SCHEMA_OBJECT_PERMISSION_CHANGE_GROUP' // rights on a table, view or procedure
  'SCHEMA_OBJECT_CHANGE_GROUP'
]

resource server 'Microsoft.Sql/servers@2023-08-01' = {
  // checkov:skip=CKV_AZURE_23: auditing is on, by a resource of its own below, which the policy does not join
  // checkov:skip=CKV_AZURE_24: the audit goes to the workspace, whose own retention counts; that of blobs is not used
  name: serverName
  location: location
  tags: tags
  identity: { type: 'SystemAssigned' }
  properties: {
    version: '12.0'
    minimalTlsVersion: '1.2'
    publicNetworkAccess: 'Disabled'
    restrictOutboundNetworkAccess: 'Enabled'
    administrators: serverExists
      ? null
      : {
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
  // checkov:skip=CKV_AZURE_23: auditing is on for the server, which includes its databases
  // checkov:skip=CKV_AZURE_25: threat detection is on for the server, all types: none is excluded
  // checkov:skip=CKV_AZURE_26: alerts go to the subscription's administrators (emailAccountAdmins)
  // checkov:skip=CKV_AZURE_27: likewise, at the server
  parent: server
  name: 'costreview'
  location: location
  tags: tags
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

// Auditing and threat detection change the server. While the database is still being created, Azure refuses that
// (ServerBlobAuditingPolicyInProgress), so they follow one after the other.
resource auditing 'Microsoft.Sql/servers/auditingSettings@2023-08-01' = {
  parent: server
  name: 'default'
  dependsOn: [database]
  properties: { state: 'Enabled', isAzureMonitorTargetEnabled: true, auditActionsAndGroups: auditedActions }
}

resource threatDetection 'Microsoft.Sql/servers/securityAlertPolicies@2023-08-01' = {
  parent: server
  name: 'default'
  dependsOn: [auditing]
  properties: { state: 'Enabled', emailAccountAdmins: true }
}

// A server's audit is sent on by its master database, which exists once the first database does.
// https://learn.microsoft.com/azure/azure-sql/database/auditing-setup
resource master 'Microsoft.Sql/servers/databases@2023-08-01' existing = {
  parent: server
  name: 'master'
}

resource auditLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: master
  name: 'to-workspace'
  dependsOn: [auditing, threatDetection]
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
