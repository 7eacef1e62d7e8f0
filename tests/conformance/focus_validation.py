"""Holds a costs-focus.csv to the rules of FOCUS 1.0: `python -m tests.conformance.focus_validation FILE`.

It runs the FOCUS project's own validator, in an environment of its own. The file is aligned, not conformant: the
validator may miss the columns in MISSING and nothing else. https://github.com/finopsfoundation/focus_converters
"""

import csv
import sys
from pathlib import Path

CURRENCIES = {"GBP", "USD"}
"""The validator would download the list of all of them."""

NOT_KNOWN = {
    *("BillingAccountId", "BillingAccountName", "ChargeClass", "ConsumedUnit", "ContractedCost", "EffectiveCost"),
    *("ContractedUnitPrice", "InvoiceIssuer", "ListCost", "ListUnitPrice", "PricingQuantity", "PricingUnit"),
    *("CommitmentDiscountCategory", "CommitmentDiscountId", "CommitmentDiscountName", "CommitmentDiscountStatus"),
    *("Publisher", "ServiceCategory", "SkuId", "SkuPriceId", "Tags"),
}
"""What Azure's answers do not say, or not by the names that FOCUS has for it."""

NAMED_OTHERWISE = {"Provider": "ProviderName", "ResourceID": "ResourceId"}
"""Columns that the validator's rules still call by their names of FOCUS 0.5."""

MISSING = {*NOT_KNOWN, *NAMED_OTHERWISE}
FEWEST_PASSED = 100
"""Rules of columns that are not there pass: at least so many must have been tried."""


def main(path: Path) -> None:
    """Validate; exits with what fails that should not, and the reverse."""
    from focus_validator.data_loaders.data_loader import DataLoader
    from focus_validator.rules import checks
    from focus_validator.rules.spec_rules import SpecRules
    from focus_validator.validator import DEFAULT_VERSION_SETS_PATH

    checks.get_currency_codes = lambda: CURRENCIES
    rules = SpecRules(None, DEFAULT_VERSION_SETS_PATH, "1.0", None)
    rules.load()
    result = rules.validate(DataLoader(data_filename=str(path)).load())
    result.process_result()
    verdicts = result.checklist.values()
    failed = {(one.column_id, str(one.rule_ref.check)) for one in verdicts if "FAILED" in str(one.status)}
    passed = sum("PASSED" in str(one.status) for one in verdicts)
    expected = {(name, "column_required") for name in MISSING}
    with path.open(newline="", encoding="utf-8") as opened:
        titles = next(csv.reader(opened))
    lacking = [name for name in NAMED_OTHERWISE.values() if name not in titles]
    if failed != expected or lacking or passed < FEWEST_PASSED:
        raise SystemExit(f"FOCUS 1.0: {sorted(failed ^ expected)} {lacking}, {passed} rules passed")
    print(f"FOCUS 1.0: {passed} rules passed; {len(MISSING)} columns are missing, as documented")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
