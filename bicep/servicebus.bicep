// The queues, from queues.json: written from shared/messaging/queues.py and the collectors by `python -m bicep.generate`, kept in step by a test.

import { tagSet } from 'types.bicep'

@description('Required. Azure region.')
@allowed(['uksouth'])
param location string

@description('Required. Name of the namespace.')
param name string

@description('Required. Workspace that receives the diagnostic logs.')
param workspaceId string

@description('Optional. Tags of every resource.')
param tags tagSet = {}

var queues = loadJsonContent('queues.json')

// Standard: sessions, scheduling and duplicate detection are there, private endpoints are not (Premium only).
resource namespace 'Microsoft.ServiceBus/namespaces@2024-01-01' = {
  name: name
  location: location
  tags: tags
  sku: { name: 'Standard', tier: 'Standard' }
  identity: { type: 'SystemAssigned' }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
    publicNetworkAccess: 'Enabled'
  }
}

// Queues that receive dead letters come first: the others name them.
resource receiving 'Microsoft.ServiceBus/namespaces/queues@2024-01-01' = [
  for queue in filter(queues, candidate => empty(candidate.forwardDeadLetteredMessagesTo)): {
    parent: namespace
    name: queue.name
    properties: {
      lockDuration: queue.lockDuration
      maxDeliveryCount: queue.maxDeliveryCount
      requiresSession: queue.requiresSession
      requiresDuplicateDetection: queue.requiresDuplicateDetection
      duplicateDetectionHistoryTimeWindow: queue.duplicateDetectionHistoryTimeWindow
      defaultMessageTimeToLive: queue.defaultMessageTimeToLive
      deadLetteringOnMessageExpiration: true
    }
  }
]

resource working 'Microsoft.ServiceBus/namespaces/queues@2024-01-01' = [
  for queue in filter(queues, candidate => !empty(candidate.forwardDeadLetteredMessagesTo)): {
    parent: namespace
    name: queue.name
    dependsOn: [receiving]
    properties: {
      lockDuration: queue.lockDuration
      maxDeliveryCount: queue.maxDeliveryCount
      requiresSession: queue.requiresSession
      requiresDuplicateDetection: queue.requiresDuplicateDetection
      duplicateDetectionHistoryTimeWindow: queue.duplicateDetectionHistoryTimeWindow
      defaultMessageTimeToLive: queue.defaultMessageTimeToLive
      deadLetteringOnMessageExpiration: true
      forwardDeadLetteredMessagesTo: queue.forwardDeadLetteredMessagesTo
    }
  }
]

resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: namespace
  name: 'to-workspace'
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'audit', enabled: true }]
  }
}

output id string = namespace.id
output name string = namespace.name
output hostName string = '${namespace.name}.servicebus.windows.net'
