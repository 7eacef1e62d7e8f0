"""The Functions app: every trigger is in the blueprint of its room."""

import azure.functions as func

from collectors.blueprint import bp as collectors
from findings.blueprint import bp as findings
from notifications.blueprint import bp as notifications
from retention.blueprint import bp as retention
from web.api.blueprint import bp as api
from web.customer.blueprint import bp as web
from web.desk.blueprint import bp as desk
from web.desk.findings.blueprint import bp as desk_findings
from web.exports.blueprint import bp as exports
from web.privacy.blueprint import bp as trust

app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)
app.register_functions(web)
app.register_functions(trust)
app.register_functions(exports)
app.register_functions(api)
app.register_functions(desk)
app.register_functions(desk_findings)
app.register_functions(collectors)
app.register_functions(findings)
app.register_functions(notifications)
app.register_functions(retention)
