"""The section about commitments and the layers of the bill, for customers and at the desk."""

from dataclasses import dataclass

from shared.arm.catalogue import AMORTIZED_COSTS, COSTS
from shared.core.commitments import CommitmentFigures, LayerCost, commitment_figures, layer_costs
from shared.core.coverage import Coverage, listed
from shared.core.formats import unnamed_subscription
from shared.core.models import ScanKey, Step, StepStatus
from shared.wiring import Services

MAX_NAMES = 5
"""How many subscriptions a note names; the coverage section names all."""


@dataclass(frozen=True)
class CurrencyCommitments:
    """One currency: the layers of its bill in both views, and the use of its commitments; none: there are none."""

    currency: str
    layers: tuple[LayerCost, ...]
    figures: tuple[CommitmentFigures, ...]


@dataclass(frozen=True)
class CommitmentSection:
    """All currencies, and `notes` on what is not in the figures."""

    currencies: tuple[CurrencyCommitments, ...]
    notes: tuple[str, ...]

    def of(self, currency: str) -> CurrencyCommitments | None:
        """Return the part of this currency."""
        return next((each for each in self.currencies if each.currency == currency), None)


def commitment_section(services: Services, scan_key: ScanKey, read: Coverage) -> CommitmentSection:
    """Return the section, from the totals that were computed when the scan finished."""
    charges = services.charge_totals.charges(scan_key)
    layers, figures = layer_costs(charges), commitment_figures(charges)
    return CommitmentSection(
        tuple(
            CurrencyCommitments(
                currency,
                tuple(each for each in layers if each.currency == currency),
                tuple(each for each in figures if each.currency == currency),
            )
            for currency in sorted({each.currency for each in layers})
        ),
        tuple(_notes(read)),
    )


def _notes(read: Coverage) -> list[str]:
    steps = [step for one in read.subscriptions for step in one.steps]
    unknown = [step for step in steps if step.collector == COSTS.name and step.rows and step.simplified]
    ended = [step for step in steps if step.collector == AMORTIZED_COSTS.name and step.status.is_final]
    unread = [step for step in ended if step.status is not StepStatus.SUCCEEDED]
    notes = []
    if unknown:
        notes.append(f"Azure does not say what commitments cover in {_names(unknown)}, so their usage is not counted.")
    if unread:
        notes.append(f"The amortized costs of {_names(unread)} could not be read: that column has actual costs there.")
    return notes


def _names(steps: list[Step]) -> str:
    named = [step.subscription_name or unnamed_subscription(step.subscription_id) for step in steps[:MAX_NAMES]]
    others = len(steps) - len(named)
    return listed([*named, f"{others} more"] if others else named)
