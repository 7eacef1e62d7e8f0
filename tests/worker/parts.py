"""The app's parts for the worker tests: files of this machine, and an Azure that has one subscription."""

import json

from local.services import LocalServices
from shared.arm.request import ArmPage

TENANT = "0b7a8f3e-0d55-4f4e-9f6a-6d4c1a2b3c4d"
USER = "5c1e9d2a-7b34-4c0d-8e21-1f2a3b4c5d6e"
SUBSCRIPTION = "9d8c7b6a-5f4e-4d3c-8b2a-1a0f9e8d7c6b"


class OneSubscription:
    """Answers every call as Azure does the list of subscriptions."""

    def send_observed(self, *_: object) -> ArmPage:
        payload = {"value": [{"subscriptionId": SUBSCRIPTION, "displayName": "One", "tenantId": TENANT}]}
        return ArmPage(200, json.dumps(payload).encode(), payload, None)


class AnyTokens:
    """Gives each caller a source of tokens that no one looks at."""

    def for_user(self, *_: object) -> None:
        """Nothing."""


class WorkerServices(LocalServices):
    """LocalServices without a simulated tenant."""

    arm = OneSubscription()  # type: ignore[assignment]
    tokens = AnyTokens()  # type: ignore[assignment]
