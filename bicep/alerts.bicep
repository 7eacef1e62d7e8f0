// What wakes the engineer. Each alert's description says what to look at first.

@description('Required. Azure region.')
@allowed(['uksouth'])
param location string

@description('Required. Beginning of every name.')
param prefix string

@description('Required. Who is woken.')
param onCallEmail string

@description('Required. Application Insights, asked for logs.')
param insightsId string

@description('Required. Service Bus namespace, asked for metrics.')
param serviceBusId string

@description('Optional. Tags of every resource.')
param tags object = {}

resource onCall 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: '${prefix}-on-call'
  location: 'global' // action groups are routing, not data
  tags: tags
  properties: {
    groupShortName: 'costreview'
    enabled: true
    emailReceivers: [{ name: 'on-call', emailAddress: onCallEmail, useCommonAlertSchema: true }]
  }
}

// Each text is what the code writes: a test looks for it there, and for an alert of every `alert=` there is.
var logAlerts = [
  {
    name: 'dead-letters'
    description: 'A message was set aside. Table dead_letters holds its body and reason.'
    query: 'traces | where message contains "alert=dead-letter"'
    window: 'PT15M'
    severity: 2
  }
  {
    name: 'unexpected-payload'
    description: 'Azure answered in a shape we do not know. The raw page is kept with the step.'
    query: 'traces | where message contains "alert=unexpected-payload"'
    window: 'PT15M'
    severity: 2
  }
  {
    name: 'query-refused'
    description: 'Azure refused a query of ours as wrong. The step names the code.'
    query: 'traces | where message contains "alert=query-refused"'
    window: 'PT15M'
    severity: 3
  }
  {
    name: 'azure-unavailable'
    description: 'Azure did not answer in all of a step\'s tries. Look at its status page before anything else.'
    query: 'traces | where message contains "alert=unavailable"'
    window: 'PT15M'
    severity: 3
  }
  {
    name: 'configuration'
    description: 'Entra refuses our application, or a setting of ours is wrong: scans wait until it is mended.'
    query: 'traces | where message contains "alert=configuration"'
    window: 'PT15M'
    severity: 2
  }
  {
    name: 'call-not-allowed'
    description: 'The program tried a call that is not in the allow-list. Nothing was sent; find out why it was tried.'
    query: 'traces | where message contains "alert=call-not-allowed"'
    window: 'PT15M'
    severity: 1
  }
  {
    name: 'token-unreadable'
    description: 'A refresh token opens with none of our keys. That customer has to sign in again; look at the key ring.'
    query: 'traces | where message contains "alert=token-unreadable"'
    window: 'PT1H'
    severity: 2
  }
  {
    name: 'own-identity'
    description: 'The app got no token of its own: nothing that it does in our own tenant works.'
    query: 'traces | where message contains "alert=own-identity"'
    window: 'PT15M'
    severity: 1
  }
  {
    name: 'mail-not-sent'
    description: 'A mail was not sent, or nobody can say whether it was. The table outbox has its state and code.'
    query: 'traces | where message contains "alert=mail-"'
    window: 'PT15M'
    severity: 2
  }
  {
    name: 'purge-failed'
    description: 'The nightly purge failed: customers\' data is kept longer than promised until it runs.'
    query: 'traces | where message contains "alert=purge-failed"'
    window: 'PT1H'
    severity: 1
  }
  {
    name: 'error-rate'
    description: 'More than one page in twenty failed, and more than five. The log line "request failed" has its place.'
    query: 'requests | summarize failed = countif(toint(resultCode) >= 500), asked = count() | where failed > 5 and failed * 20 > asked'
    window: 'PT15M'
    severity: 2
  }
  {
    name: 'queue-age'
    description: 'A message waited for more than a quarter of an hour. Costs are paced by their quota and may wait for a day.'
    query: 'customMetrics | where name == "caleta.queue.age" | extend queue = tostring(customDimensions["caleta.queue"]) | where valueMax > iff(queue == "collect-costs", 86400, 900)'
    window: 'PT15M'
    severity: 3
  }
]

resource fromLogs 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for alert in logAlerts: {
    name: '${prefix}-${alert.name}'
    location: location
    tags: tags
    properties: {
      displayName: alert.name
      description: alert.description
      severity: alert.severity
      enabled: true
      scopes: [insightsId]
      evaluationFrequency: 'PT15M'
      windowSize: alert.window
      criteria: {
        allOf: [{ query: alert.query, timeAggregation: 'Count', operator: 'GreaterThan', threshold: 0 }]
      }
      actions: { actionGroups: [onCall.id] }
    }
  }
]

// A purge that never starts writes no line that it failed: its absence is an alert of its own.
resource purgeMissing 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = {
  name: '${prefix}-purge-missing'
  location: location
  tags: tags
  properties: {
    displayName: 'purge-missing'
    description: 'No purge has ended for a day. Look at the timer purge_expired.'
    severity: 1
    enabled: true
    scopes: [insightsId]
    evaluationFrequency: 'PT1H'
    windowSize: 'P1D'
    criteria: {
      allOf: [
        {
          query: 'traces | where message startswith "purge ended"'
          timeAggregation: 'Count'
          operator: 'LessThan'
          threshold: 1
          // A purge that takes some minutes longer than last night's is not missing.
          failingPeriods: { numberOfEvaluationPeriods: 2, minFailingPeriodsToAlert: 2 }
        }
      ]
    }
    actions: { actionGroups: [onCall.id] }
  }
}

resource queueBacklog 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: '${prefix}-queue-backlog'
  location: 'global'
  tags: tags
  properties: {
    description: 'Messages pile up: the app does not keep pace, or does not run.'
    severity: 2
    enabled: true
    scopes: [serviceBusId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT30M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'active'
          metricNamespace: 'Microsoft.ServiceBus/namespaces'
          metricName: 'ActiveMessages'
          timeAggregation: 'Minimum'
          operator: 'GreaterThan'
          threshold: 500
        }
      ]
    }
    actions: [{ actionGroupId: onCall.id }]
  }
}

output actionGroupId string = onCall.id
