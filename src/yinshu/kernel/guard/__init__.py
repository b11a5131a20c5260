"""What may go in and what may come out: normalise, recognise, judge, decide by policy, mask, and say why."""

from yinshu.kernel.guard.cases import bench_cases, figures
from yinshu.kernel.guard.check import Guard, check_text, default_guard
from yinshu.kernel.guard.errors import CasesRejected, GuardError, LexiconRejected, PolicyRejected
from yinshu.kernel.guard.labels import aigc_metadata, is_labelled, labelled
from yinshu.kernel.guard.lexicon import Entry, Lexicon, export_csv, import_csv, starter_lexicon
from yinshu.kernel.guard.mask import Masker, restore
from yinshu.kernel.guard.policy import Policy, PolicyRule, approve, choose, default_policies, read_policy
from yinshu.kernel.guard.records import Action, Audience, Direction, Finding, Hit, Kind, Severity, Verdict
from yinshu.kernel.guard.stream import StreamChecker

__all__ = [
    "Action",
    "Audience",
    "CasesRejected",
    "Direction",
    "Entry",
    "Finding",
    "Guard",
    "GuardError",
    "Hit",
    "Kind",
    "Lexicon",
    "LexiconRejected",
    "Masker",
    "Policy",
    "PolicyRejected",
    "PolicyRule",
    "Severity",
    "StreamChecker",
    "Verdict",
    "aigc_metadata",
    "approve",
    "bench_cases",
    "check_text",
    "choose",
    "default_guard",
    "default_policies",
    "export_csv",
    "figures",
    "import_csv",
    "is_labelled",
    "labelled",
    "read_policy",
    "restore",
    "starter_lexicon",
]
