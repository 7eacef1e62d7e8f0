// What we may spend ourselves.

@description('Required. Name of the budget.')
param name string

@description('Required. Amount a month, in the billing currency.')
param monthlyAmount int

@description('Required. Who is told.')
param contactEmail string

@description('Required. First month, as yyyy-MM-01.')
param startDate string

resource budget 'Microsoft.Consumption/budgets@2023-11-01' = {
  name: name
  properties: {
    category: 'Cost'
    amount: monthlyAmount
    timeGrain: 'Monthly'
    timePeriod: { startDate: startDate }
    notifications: {
      actual80: { enabled: true, operator: 'GreaterThan', threshold: 80, contactEmails: [contactEmail] }
      forecast100: {
        enabled: true
        operator: 'GreaterThan'
        threshold: 100
        thresholdType: 'Forecasted'
        contactEmails: [contactEmail]
      }
    }
  }
}
