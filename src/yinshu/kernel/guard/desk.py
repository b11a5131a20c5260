"""The guard at work: what is in force in the database, questions screened before anything is kept, verdicts kept."""

from __future__ import annotations

import hashlib
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import ClassVar

from yinshu.kernel.audit.store import append
from yinshu.kernel.base.clock import Clock
from yinshu.kernel.base.database import Connection, Engine, reading, writing
from yinshu.kernel.base.errors import YinshuError
from yinshu.kernel.guard import store
from yinshu.kernel.guard.check import Guard, masked
from yinshu.kernel.guard.classifier import RequestClassifier, default_classifier
from yinshu.kernel.guard.lexicon import Lexicon, import_csv, starter_lexicon
from yinshu.kernel.guard.mask import LABELS, Masker
from yinshu.kernel.guard.normalise import Reading
from yinshu.kernel.guard.policy import Policy, default_policies, read_policy
from yinshu.kernel.guard.recognisers import recognise
from yinshu.kernel.guard.records import Action, Audience, Direction, Finding, Hit, Kind, Verdict
from yinshu.kernel.guard.tables import lexicons, policies

LOOK_SECONDS = 5.0
"""How long a change that another process approved may take to be in force here."""
CLEAN_TEXTS_KEPT = 4_096
ENTRY_RULES_MAX = 20


class QuestionBlocked(YinshuError):
    """What was asked is not allowed; the verdict is kept for the safety administrators."""

    code = "blocked"
    exit_code = 4
    http_status = 451
    remedy: ClassVar[str] = "请调整内容后重试；如认为有误，请把编号告诉安全管理员复核"


@dataclass(frozen=True)
class Screened:
    """A text as it may be used and kept, the guard's words on it for the ledger, and whether anything was changed.

    `original` is the text without C3 and secrets, which nobody may keep; None when nothing was masked.
    """

    text: str
    words: tuple[str, ...] = ()
    original: str | None = None


class GuardDesk:
    """One guard for the whole process. Any thread may call it."""

    def __init__(
        self,
        engine: Engine,
        clock: Clock,
        audience: Audience = "internal",
        classifier: RequestClassifier | None = None,
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._audience = audience
        self._classifier = classifier or default_classifier()
        self._lock = threading.Lock()
        self._guard: Guard | None = None
        self._state: tuple[str, ...] = ()
        self._looked_s = 0.0
        self._clean: OrderedDict[bytes, None] = OrderedDict()

    def guard(self) -> Guard:
        """The guard with what is in force now."""
        with self._lock:
            if self._guard is None or time.monotonic() - self._looked_s > LOOK_SECONDS:
                self._look()
            assert self._guard is not None, "looking makes one"
            return self._guard

    def refresh(self) -> None:
        """Something in force has changed in this process."""
        with self._lock:
            self._looked_s = 0.0
            self._guard = None

    def _look(self) -> None:
        with reading(self._engine) as connection:
            state = store.state_in_force(connection)
            if self._guard is None or state != self._state:
                self._guard = _made(connection, self._classifier)
                self._state = state
                self._clean.clear()
        self._looked_s = time.monotonic()

    def screen(self, person: str, text: str, *, channel: str, application: str = "") -> Screened:
        """Check what a person asks, before anything of it is kept. Raises QuestionBlocked; that too is recorded."""
        guard = self.guard()
        key = hashlib.blake2b(f"{channel}\0{application}\0{text}".encode(), digest_size=16).digest()
        if key in self._clean:
            return Screened(text)
        verdict = guard.check(text, direction="in", audience=self._audience, channel=channel, application=application)
        if not verdict.findings:
            self._remember(key)
            return Screened(text)
        words = entry_words(verdict)
        if verdict.verdict is Action.BLOCK:
            verdict_id = self._keep(verdict, _recordable(text, verdict), person, channel, "in")
            raise QuestionBlocked(
                f"这个问题不符合安全要求，没有作答，只留下脱敏的摘录供复核。{QuestionBlocked.remedy}：{verdict_id}。"
            )
        if verdict.verdict is Action.REVIEW or verdict.verdict is Action.WARN:
            self._keep(verdict, verdict.text, person, channel, "in")
        original = None if verdict.text == text else without_final(text, verdict)
        return Screened(verdict.text, words, original)

    def keepable(self, text: str) -> str:
        """A free text (a comment, a title) as it may be kept: C3 and secrets gone, personal data masked."""
        hits = recognise(Reading(text))
        return _masked(text, hits, {Kind.PERSONAL, Kind.C3, Kind.SECRET})

    def forbidden_in(self, text: str) -> list[str]:
        """Names of the C3 data and secrets that a document holds; empty when it may be kept."""
        hits = recognise(Reading(text))
        return sorted({LABELS.get(hit.rule, "密钥") for hit in hits if hit.kind in (Kind.C3, Kind.SECRET)})

    def try_text(self, text: str, *, policy_id: str, direction: Direction, audience: Audience) -> Verdict:
        """The verdict of a kept policy (a draft too) or, without one, of what is in force. Nothing is kept."""
        guard = self.guard()
        chosen: Policy | None = None
        if policy_id:
            with reading(self._engine) as connection:
                chosen = read_policy(store.get_version(connection, policies, policy_id).body)
        return guard.check(text, direction=direction, audience=audience, policy=chosen)

    def _remember(self, key: bytes) -> None:
        with self._lock:
            self._clean[key] = None
            while len(self._clean) > CLEAN_TEXTS_KEPT:
                self._clean.popitem(last=False)

    def _keep(self, verdict: Verdict, excerpt: str, person: str, channel: str, direction: Direction) -> str:
        with writing(self._engine) as connection:
            verdict_id = store.keep_verdict(
                connection, self._clock, verdict, excerpt, person=person, channel=channel, direction=direction
            )
            append(
                connection,
                self._clock,
                actor=person,
                action=f"guard.{'blocked' if verdict.verdict is Action.BLOCK else verdict.verdict.value}",
                subject=verdict_id,
                payload={"guard": list(entry_words(verdict)), "channel": channel},
            )
        return verdict_id

    def draft(self, by: str, body: str) -> store.Versioned:
        """Keep a draft of a policy."""
        with writing(self._engine) as connection:
            return store.draft_policy(connection, self._clock, body, by=by)

    def submit(self, by: str, policy_id: str) -> store.Versioned:
        """Hand a draft to a second person."""
        with writing(self._engine) as connection:
            return store.submit_policy(connection, self._clock, policy_id, by=by)

    def decide(self, by: str, version_id: str, *, approve: bool) -> store.Versioned:
        """Put a policy or a word list in force, or refuse it."""
        table = lexicons if version_id.startswith("lex_") else policies
        with writing(self._engine) as connection:
            decided = store.decide(connection, self._clock, table, version_id, approve=approve, by=by)
        self.refresh()
        return decided

    def retire(self, by: str, version_id: str) -> store.Versioned:
        """Take a policy or a word list out of force."""
        table = lexicons if version_id.startswith("lex_") else policies
        with writing(self._engine) as connection:
            retired = store.retire(connection, self._clock, table, version_id, by=by)
        self.refresh()
        return retired

    def import_lexicon(self, by: str, name: str, text: str) -> store.Versioned:
        """Keep a word list; a second person puts it in force."""
        with writing(self._engine) as connection:
            return store.import_lexicon(connection, self._clock, name, text, by=by)

    def versions(self) -> tuple[list[store.Versioned], list[store.Versioned]]:
        """Policies and word lists with all their versions, newest first."""
        with reading(self._engine) as connection:
            return store.list_versions(connection, policies), store.list_versions(connection, lexicons)

    def lexicon_csv(self, version_id: str) -> str:
        """The CSV of a word list."""
        with reading(self._engine) as connection:
            return store.get_version(connection, lexicons, version_id).body

    def verdicts(self, status: store.VerdictStatus | None, before: str, limit: int) -> list[store.KeptVerdict]:
        """Kept verdicts, newest first."""
        with reading(self._engine) as connection:
            return store.list_verdicts(connection, status=status, before=before, limit=limit)

    def decide_verdict(self, by: str, verdict_id: str, status: store.VerdictStatus, note: str) -> store.KeptVerdict:
        """A safety administrator's word on a verdict."""
        with writing(self._engine) as connection:
            return store.decide_verdict(connection, self._clock, verdict_id, status, self.keepable(note), by=by)


def _made(connection: Connection, classifier: RequestClassifier) -> Guard:
    bodies, lists = store.policies_in_force(connection)
    own = tuple(read_policy(body) for body in bodies)
    words = tuple(Lexicon.of(import_csv(text)) for _, text in lists)
    return Guard((starter_lexicon(), *words), (*default_policies(), *own), classifier)


def entry_words(verdict: Verdict) -> tuple[str, ...]:
    """What the ledger says of a verdict: `policy:line:kind/rule:action`, each once."""
    found = [
        f"{one.policy}:{one.policy_rule}:{one.kind.value}/{one.rule}:{one.action.value}" for one in verdict.findings
    ]
    return tuple(dict.fromkeys(found))[:ENTRY_RULES_MAX]


def without_final(text: str, verdict: Verdict) -> str:
    """The text without C3 and secrets, personal data as written."""
    return _masked(text, _hits(verdict), {Kind.C3, Kind.SECRET})


def _recordable(text: str, verdict: Verdict) -> str:
    """A blocked text as the safety administrators may see it."""
    return _masked(text, _hits(verdict), {Kind.PERSONAL, Kind.C3, Kind.SECRET})


def _hits(verdict: Verdict) -> list[Hit]:
    return [Hit(one.kind, one.rule, *one.span, one.severity, one.category, one.score) for one in verdict.findings]


def _masked(text: str, hits: list[Hit], kinds: set[Kind]) -> str:
    chosen = [hit for hit in hits if hit.kind in kinds]
    findings = [
        Finding(hit.kind, hit.rule, (hit.start, hit.end), hit.severity, hit.category, Action.MASK, "", "", hit.score)
        for hit in chosen
    ]
    return masked(text, chosen, findings, Masker()) if chosen else text
