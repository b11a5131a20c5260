"""Evidence: a claim is shown only with the source it rests on, and after it was checked against it."""

from yinshu.kernel.evidence.quantities import Quantity, parse_quantities, same_quantity
from yinshu.kernel.evidence.records import Claim, Computation, Source, Verdict
from yinshu.kernel.evidence.verify import verify, verify_verdict

__all__ = [
    "Claim",
    "Computation",
    "Quantity",
    "Source",
    "Verdict",
    "parse_quantities",
    "same_quantity",
    "verify",
    "verify_verdict",
]
