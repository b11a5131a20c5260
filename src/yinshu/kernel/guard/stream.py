"""Checking a stream: text passes as it comes, a bounded tail is held back, a stop ends the stream cleanly."""

from __future__ import annotations

from yinshu.kernel.guard.check import Guard, masked
from yinshu.kernel.guard.labels import labelled
from yinshu.kernel.guard.mask import Masker
from yinshu.kernel.guard.normalise import Reading
from yinshu.kernel.guard.policy import Policy
from yinshu.kernel.guard.records import Action, Direction, Finding, Hit

STOPPED_NOTICE = "……（后续内容不符合安全要求，已停止输出。请调整提问，或联系管理员查看裁决记录。）"
CONTEXT_CHARS = 80
"""What has been let through and is read again, so that a match may begin in it."""


class StreamChecker:
    """One stream. Not for several threads. At most `policy.hold_chars` characters are held back between calls.

    A finding that begins in the held tail is seen whole before any of it is shown, as long as it is not longer than
    the tail. A longer one is stopped as soon as it is complete.
    """

    def __init__(
        self, guard: Guard, policy: Policy, *, direction: Direction = "out", masker: Masker | None = None
    ) -> None:
        self._guard = guard
        self._policy = policy
        self._direction: Direction = direction
        self._masker = masker or Masker()
        self._shown = ""
        self._held = ""
        self._let_through = 0
        self._findings: list[Finding] = []
        self._offset = 0
        self._stopped = False

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Findings so far; spans count from the start of the stream as it came in."""
        return tuple(self._findings)

    @property
    def stopped(self) -> bool:
        """The stream was ended; nothing more comes out of it."""
        return self._stopped

    @property
    def held_chars(self) -> int:
        """Characters held back now."""
        return len(self._held)

    @property
    def verdict(self) -> Action:
        """The strictest action so far."""
        return max((found.action for found in self._findings), key=lambda action: action.rank, default=Action.PASS)

    @property
    def masks(self) -> dict[str, str]:
        """Reversible placeholders handed out so far."""
        return self._masker.masks

    def feed(self, piece: str) -> str:
        """What may be shown now; empty while text is held back and after a stop."""
        if self._stopped or not piece:
            return ""
        self._held += piece
        if len(self._held) <= self._policy.hold_chars:
            return ""
        return self._release(final=False)

    def finish(self) -> str:
        """The rest, with the visible label when the policy asks for one."""
        rest = "" if self._stopped else self._release(final=True)
        if self.stopped or not self._policy.label:
            return rest
        whole = self._shown + rest
        return rest + labelled(whole)[len(whole) :]

    def _release(self, *, final: bool) -> str:
        context = self._shown[-CONTEXT_CHARS:]
        text = context + self._held
        hits = self._guard.hits(Reading(text), self._direction)
        findings = [self._policy.decide(hit, self._direction) for hit in hits]
        new = [(hit, found) for hit, found in zip(hits, findings, strict=True) if hit.end > len(context)]
        blocking = [hit for hit, found in new if found.action is Action.BLOCK]
        if blocking:
            return self._stop(context, text, new, min(max(hit.start, len(context)) for hit in blocking))
        end = len(text) if final else self._safe_end(len(context), text, [hit for hit, _ in new])
        return self._emit(context, text, new, end)

    def _safe_end(self, shown: int, text: str, hits: list[Hit]) -> int:
        """Where to cut: half the hold stays back, and no finding is cut unless it is longer than the hold."""
        end = max(shown, len(text) - max(1, self._policy.hold_chars // 2))
        for hit in sorted(hits, key=lambda hit: -hit.start):
            if hit.start < end < hit.end or (hit.end == len(text) and hit.start < end):
                end = max(shown, hit.start)
        return max(end, len(text) - self._policy.hold_chars)

    def _emit(self, context: str, text: str, new: list[tuple[Hit, Finding]], end: int) -> str:
        start = len(context)
        ready = [(hit, found) for hit, found in new if start <= hit.start and hit.end <= end]
        partly = [(hit, found) for hit, found in new if hit.start < start < hit.end <= end]
        self._record(start, ready + partly)
        shifted = [_moved(hit, -start) for hit, _ in ready]
        out = masked(text[start:end], shifted, [found for _, found in ready], self._masker)
        self._shown = (self._shown + text[start:end])[-4 * CONTEXT_CHARS :]
        self._offset += end - start
        self._held = text[end:]
        return out

    def _stop(self, context: str, text: str, new: list[tuple[Hit, Finding]], end: int) -> str:
        sentence = max(text.rfind(mark, len(context), end) for mark in "。！？；\n") + 1
        cut = max(len(context), sentence)
        self._record(len(context), [pair for pair in new if pair[0].end > cut])
        clean = self._emit(context, text, [pair for pair in new if pair[0].end <= cut], cut)
        self._held = ""
        self._stopped = True
        return clean + STOPPED_NOTICE

    def _record(self, start: int, pairs: list[tuple[Hit, Finding]]) -> None:
        base = self._offset - start
        for hit, found in pairs:
            self._findings.append(
                Finding(
                    found.kind,
                    found.rule,
                    (hit.start + base, hit.end + base),
                    found.severity,
                    found.category,
                    found.action,
                    found.policy,
                    found.policy_rule,
                    found.score,
                )
            )


def _moved(hit: Hit, by: int) -> Hit:
    return Hit(hit.kind, hit.rule, hit.start + by, hit.end + by, hit.severity, hit.category, hit.score, hit.value)
