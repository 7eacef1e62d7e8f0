// What notifies the engineer on call. Each alert's description says what to look at first.

import { tagSet } from 'types.bicep'

@description('Required. Azure region.')
@allowed(['uksouth'])
param location string

@description('Required. Beginning of every name.')
param prefix string

@description('Required. Address that alerts are sent to.')
param onCallEmail string

@description('Required. Application Insights, queried for logs.')
param insightsId string

@description('Required. Service Bus namespace, queried for metrics.')
param serviceBusId string

@description('Optional. Tags of every resource.')
param tags tagSet = {}

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

@sealed()
@description('An alert on a query over logs: it fires when the query returns a row.')
type logAlert = {
  name: string
  @description('What happened and what to look at first.')
  description: string
  query: string
  @description('Time range that the query sees.')
  window: 'PT15M' | 'P2D'
  severity: 1 | 2 | 3
  @description('state: one notification while it lasts, resolved when it ends. event: a notification for each quarter of an hour in which it happens, never held back by an earlier one.')
  kind: 'state' | 'event'
}

// Each text is what the code writes: a test looks for it there, and for an alert of every `alert=` there is.
var logAlerts logAlert[] = [
  {
    name: 'dead-letters'
    description: 'A message failed processing and was set aside. Table dead_letters holds its body and reason.'
    query: 'traces | where message contains "alert=dead-letter"'
    window: 'PT15M'
    severity: 2
    kind: 'event'
  }
  {
    name: 'unexpected-payload'
    description: 'Azure answered in an unknown shape. The raw page is kept with the step.'
    query: 'traces | where message contains "alert=unexpected-payload"'
    window: 'PT15M'
    severity: 2
    kind: 'event'
  }
  {
    name: 'rows-set-aside'
    description: 'Rows of a dataset could not be read and are left out of the totals. The coverage at the desk leads to the raw page.'
    query: 'traces | where message contains "alert=rows-set-aside"'
    window: 'PT15M'
    severity: 2
    kind: 'event'
  }
  {
    name: 'query-refused'
    description: 'Azure refused one of our queries as invalid. The step names the code.'
    query: 'traces | where message contains "alert=query-refused"'
    window: 'PT15M'
    severity: 3
    kind: 'event'
  }
  {
    name: 'azure-unavailable'
    description: 'Azure did not answer in any of a step\'s attempts. Look at its status page before anything else.'
    query: 'traces | where message contains "alert=unavailable"'
    window: 'PT15M'
    severity: 3
    kind: 'state'
  }
  {
    name: 'configuration'
    description: 'Entra refuses our application, or one of our settings is wrong: scans wait until it is fixed.'
    query: 'traces | where message contains "alert=configuration"'
    window: 'PT15M'
    severity: 2
    kind: 'state'
  }
  {
    name: 'call-not-allowed'
    description: 'The program tried a call that is not in the allow-list. Nothing was sent; find out why it was tried.'
    query: 'traces | where message contains "alert=call-not-allowed"'
    window: 'PT15M'
    severity: 1
    kind: 'event'
  }
  {
    name: 'token-unreadable'
    description: 'A refresh token opens with none of our keys. That customer has to sign in again; look at the key ring.'
    query: 'traces | where message contains "alert=token-unreadable"'
    window: 'PT15M'
    severity: 2
    kind: 'event'
  }
  {
    name: 'own-identity'
    description: 'The app got no token of its own: nothing that it does in our own tenant works.'
    query: 'traces | where message contains "alert=own-identity"'
    window: 'PT15M'
    severity: 1
    kind: 'state'
  }
  {
    name: 'mail-not-sent'
    description: 'A mail was not sent, or it is unknown whether it was. The table outbox has its state and code.'
    query: 'traces | where message contains "alert=mail-"'
    window: 'PT15M'
    severity: 2
    kind: 'event'
  }
  {
    name: 'purge-failed'
    description: 'The nightly purge failed: customers\' data is kept longer than promised until it runs.'
    query: 'traces | where message contains "alert=purge-failed"'
    window: 'PT15M'
    severity: 1
    kind: 'event'
  }
  {
    name: 'purge-unfinished'
    description: 'The night did not suffice for all deletions that are due: customers\' data is kept longer than promised.'
    query: 'traces | where message contains "alert=purge-unfinished"'
    window: 'PT15M'
    severity: 1
    kind: 'event'
  }
  {
    // A purge that never starts writes no line that it failed. The first day of an app has no purge yet; an app without
    // any line in two days is not running at all.
    name: 'purge-missing'
    description: 'No purge has ended for 26 hours. Look at the timer purge_expired, and at whether the app runs.'
    query: 'traces | summarize first_line = min(timestamp), last_end = maxif(timestamp, message startswith "event=purge-ended") | where isnull(first_line) or (first_line < ago(26h) and (isnull(last_end) or last_end < ago(26h)))'
    window: 'P2D'
    severity: 1
    kind: 'state'
  }
  {
    name: 'error-rate'
    description: 'More than one page in twenty failed, and more than five. The log line event=request-failed names the place in the code.'
    query: 'requests | summarize failed = countif(toint(resultCode) >= 500), asked = count() | where failed > 5 and failed * 20 > asked'
    window: 'PT15M'
    severity: 2
    kind: 'state'
  }
  {
    name: 'queue-age'
    description: 'A message waited for more than a quarter of an hour. Costs are paced by their quota and may wait for a day.'
    query: 'customMetrics | where name == "caleta.queue.age" | extend queue = tostring(customDimensions["caleta.queue"]) | where valueMax > iff(queue == "collect-costs", 86400, 900)'
    window: 'PT15M'
    severity: 3
    kind: 'state'
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
      // An alert that resolves by itself sends nothing while it is open: a second dead letter would be hidden by the first.
      autoMitigate: alert.kind == 'state'
      // The component is seconds old at the first deployment, and Azure now and then does not know its tables yet.
      skipQueryValidation: true
      criteria: {
        allOf: [
          {
            query: alert.query
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: 0
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      actions: { actionGroups: [onCall.id] }
    }
  }
]

resource queueBacklog 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: '${prefix}-queue-backlog'
  location: 'global'
  tags: tags
  properties: {
    description: 'More than 500 messages have been waiting in one queue for half an hour: the app does not keep pace, or does not run.'
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
          // Each queue by itself. Without it the least of all queues counts, and one of them is always empty.
          dimensions: [{ name: 'EntityName', operator: 'Include', values: ['*'] }]
        }
      ]
    }
    actions: [{ actionGroupId: onCall.id }]
  }
}

output actionGroupId string = onCall.id
