"""The guard around a call: what goes to the model is masked or stopped, what comes back is checked and restored."""

from __future__ import annotations

import hashlib
import re
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from yinshu.kernel.gateway.errors import BadModel, ContentBlocked
from yinshu.kernel.gateway.records import GuardWord
from yinshu.kernel.guard import Action, Audience, Direction, Guard, Kind, Masker, Policy, StreamChecker, Verdict, choose
from yinshu.kernel.guard import restore as restore_masks
from yinshu.kernel.guard.second import TwiceRead

BLOCKED_IN = "内容不符合安全要求，没有发送给模型。请调整后重试；如有疑问，请联系安全管理员查看裁决记录。"
BLOCKED_OUT = "（模型的回答不符合安全要求，已被拦下。请调整提问，或联系管理员查看裁决记录。）"
MESSAGES_MAX = 2_000
PARTS_MAX = 500
_MEDIA = re.compile(r"data:[a-z]+/[a-z0-9.+-]+(?:;[a-z0-9=.+-]+)*;base64,[A-Za-z0-9+/=_-]*", re.IGNORECASE)
_ROLES = frozenset({"system", "developer", "user", "assistant", "tool", "function"})
_SAID_IN_PARTS = ("text", "refusal", "thinking")
"""Where a part of a message holds words that a model's server reads as the message itself."""
_CHECKED_FIELDS = frozenset({"role", "content", "tool_calls"})
POLICIES_KEPT = 1_000
CLEAN_TEXTS_KEPT = 20_000
"""Digests of texts in which a policy found nothing: a conversation sends its whole past again with every turn."""
EVIDENCE_FIELD = "yinshu_evidence"
"""Our own messages may carry words of documents apart, to be checked as data; a door takes the field away."""
_WARM_UP = "预热 a1"
_HALF_PLACEHOLDER = re.compile(r"〔[^〕]{0,15}$")
Json = dict[str, Any]


@dataclass
class Inward:
    """What may go to the model: the messages as they are sent, the masks to restore, and the guard's word."""

    messages: list[Json]
    masks: Mapping[str, str]
    masker: Masker
    word: GuardWord
    customer_level: int
    blocked: bool = False
    fields: Mapping[str, Any] = field(default_factory=dict)
    """The other fields of the request that hold words (tools, schemas), as they may be sent."""


@dataclass
class _Said:
    """The guard that is asked, and its words on several texts, gathered."""

    guard: Guard
    clean: OrderedDict[bytes, None] = field(default_factory=OrderedDict)
    action: Action = Action.PASS
    rules: dict[str, None] = field(default_factory=dict)
    customer_level: int = 0

    def heard(self, other: _Said) -> None:
        """Take over what was said of a text that is sent in pieces."""
        if other.action.rank > self.action.rank:
            self.action = other.action
        self.rules |= other.rules

    def add(self, verdict: Verdict) -> None:
        if verdict.verdict.rank > self.action.rank:
            self.action = verdict.verdict
        for found in verdict.findings:
            self.rules[f"{found.kind.value}/{found.rule}"] = None
            unmasked = found.kind is Kind.PERSONAL and found.action in (Action.PASS, Action.WARN)
            self.customer_level = max(self.customer_level, 2 if unmasked else 1)


class Screen:
    """Checks both ways by the policy that fits the application. Thread-safe."""

    def __init__(self, guard: Callable[[], Guard], audience: Audience = "internal") -> None:
        self._guard = guard
        self._audience = audience
        self._remembered: tuple[Guard, OrderedDict[bytes, None]] | None = None
        self._hurried: tuple[Guard, Guard] | None = None
        self._chosen: tuple[Guard, dict[str, Policy]] | None = None

    def get_ready(self) -> None:
        """Load word lists, rules and weights, so that the first caller does not wait for them; takes about a second."""
        inward = self.inward([{"role": "user", "content": _WARM_UP}], "")
        self.outward("", inward).whole(_WARM_UP)

    def policy(self, application: str) -> Policy:
        """The policy for calls of an application."""
        guard, chosen = self._guard(), self._chosen
        if chosen is None or chosen[0] is not guard or len(chosen[1]) > POLICIES_KEPT:
            self._chosen = chosen = guard, {}
        found = chosen[1].get(application)
        if found is None:
            found = choose(guard.policies, audience=self._audience, channel="gateway", application=application)
            chosen[1][application] = found
        return found

    def inward(
        self, messages: object, application: str, fields: Mapping[str, Any] | None = None, *, at_once: bool = False
    ) -> Inward:
        """Check what a caller sends: the messages, and every word in other `fields`, which are data.

        Raises BadModel when the messages are not of OpenAI's form.
        With `at_once`, on the event loop, it raises TakesTime when a request must be read a second time.
        """
        if not isinstance(messages, list) or not messages or len(messages) > MESSAGES_MAX:
            raise BadModel(f"messages 应为 1 至 {MESSAGES_MAX} 条消息的列表，请对照 OpenAI 接口说明修改。")
        policy, masker = self.policy(application), Masker()
        said = self._listening(at_once=at_once)
        passed = [self._message(message, policy, masker, said) for message in messages]
        others = {name: self._words(value, policy, masker, said) for name, value in (fields or {}).items()}
        word = GuardWord(said.action.value, policy.tag, tuple(said.rules))
        return Inward(passed, masker.masks, masker, word, said.customer_level, said.action is Action.BLOCK, others)

    def text_in(self, text: str, application: str, direction: Direction = "in") -> tuple[str, GuardWord]:
        """Check one text (to embed, to rank). Raises ContentBlocked."""
        policy, said = self.policy(application), self._listening()
        passed = self._text(text, direction, policy, Masker(), said)
        word = GuardWord(said.action.value, policy.tag, tuple(said.rules))
        if said.action is Action.BLOCK:
            raise ContentBlocked(BLOCKED_IN, detail=",".join(said.rules))
        return passed, word

    def outward(self, application: str, inward: Inward) -> Outward:
        """A checker for one answer."""
        return Outward(self._guard(), self.policy(application), inward)

    def _message(self, message: object, policy: Policy, masker: Masker, said: _Said) -> Json:
        if not isinstance(message, dict) or not isinstance(message.get("role"), str):
            raise BadModel("每条消息应有 role 和 content，请对照 OpenAI 接口说明修改。")
        if message["role"] not in _ROLES:
            raise BadModel(f"消息的 role 应为 {'、'.join(sorted(_ROLES))} 之一，请修改后重试。")
        direction: Direction = "in" if message["role"] == "user" else "data"
        passed = dict(message)
        content = message.get("content")
        evidence = passed.pop(EVIDENCE_FIELD, "")
        if isinstance(content, str) and evidence:
            passed["content"] = "".join(
                (
                    self._text(evidence, "data", policy, masker, said),
                    self._text(content, direction, policy, masker, said),
                )
            )
        elif isinstance(content, str):
            passed["content"] = self._text(content, direction, policy, masker, said)
        elif isinstance(content, list):
            passed["content"] = self._parts(content, direction, policy, masker, said)
        elif content is not None:
            raise BadModel("消息的 content 应为文字或部分的列表，请对照 OpenAI 接口说明修改。")
        if "tool_calls" in message:
            passed["tool_calls"] = self._tool_calls(message["tool_calls"], policy, masker, said)
        for name in passed.keys() - _CHECKED_FIELDS:
            passed[name] = self._words(passed[name], policy, masker, said)
        return passed

    def _parts(
        self, parts: list[Any], direction: Direction, policy: Policy, masker: Masker, said: _Said
    ) -> list[object]:
        """The parts of a message, each checked; a server puts them together, so they may be stopped together too."""
        if len(parts) > PARTS_MAX:
            raise BadModel(f"一条消息最多 {PARTS_MAX} 个部分，请拆分后重试。")
        passed = [self._part(part, direction, policy, masker, said) for part in parts]
        texts = [text for part in parts for text in _said_in(part)]
        if len(texts) > 1:
            together = _Said(said.guard, said.clean)
            self._text("\n".join(texts), direction, policy, Masker(), together)
            if together.action is Action.BLOCK:
                said.heard(together)
        return passed

    def _part(self, part: object, direction: Direction, policy: Policy, masker: Masker, said: _Said) -> object:
        if isinstance(part, str):
            return self._text(part, direction, policy, masker, said)
        if isinstance(part, dict):
            return {
                name: self._text(value, direction, policy, masker, said)
                if name in _SAID_IN_PARTS and isinstance(value, str)
                else self._words(value, policy, masker, said)
                for name, value in part.items()
            }
        return self._words(part, policy, masker, said)

    def _tool_calls(self, calls: object, policy: Policy, masker: Masker, said: _Said) -> object:
        if isinstance(calls, list):
            return [self._tool_call(call, policy, masker, said) for call in calls[:PARTS_MAX]]
        return self._words(calls, policy, masker, said)

    def _tool_call(self, call: object, policy: Policy, masker: Masker, said: _Said) -> object:
        function = call.get("function") if isinstance(call, dict) else None
        arguments = function.get("arguments") if isinstance(function, dict) else None
        if not isinstance(call, dict) or not isinstance(function, dict) or not isinstance(arguments, str):
            return self._words(call, policy, masker, said)
        checked = self._text(arguments, "data", policy, masker, said)
        others = {name: value for name, value in call.items() if name != "function"}
        named = {name: value for name, value in function.items() if name != "arguments"}
        return {
            **self._words(others, policy, masker, said),
            "function": {**self._words(named, policy, masker, said), "arguments": checked},
        }

    def _words(self, value: Any, policy: Policy, masker: Masker, said: _Said) -> Any:
        """A value with every word in it checked as data; looked at as one text first, because most hold nothing."""
        words = "\n".join(_strings_of(value))
        if not words:
            return value
        together = _Said(said.guard, said.clean)
        self._text(words, "data", policy, Masker(), together)
        if together.action is Action.BLOCK:
            said.heard(together)
        return self._each(value, policy, masker, said) if together.rules else value

    def _each(self, value: Any, policy: Policy, masker: Masker, said: _Said) -> Any:
        if isinstance(value, str):
            return value if _is_media(value) else self._text(value, "data", policy, masker, said)
        if isinstance(value, list):
            return [self._each(one, policy, masker, said) for one in value]
        if isinstance(value, dict):
            return {
                self._text(key, "data", policy, masker, said): self._each(one, policy, masker, said)
                for key, one in value.items()
            }
        return value

    def _text(self, text: str, direction: Direction, policy: Policy, masker: Masker, said: _Said) -> str:
        if not text:
            return text
        masker.reserve(text)
        named = f"{policy.tag}\0{direction}\0{text}"
        key = hashlib.blake2b(named.encode("utf-8", "surrogatepass"), digest_size=16).digest()
        if key in said.clean:
            return text
        verdict = said.guard.check(text, direction=direction, audience=self._audience, policy=policy, masker=masker)
        said.add(verdict)
        if not verdict.findings:
            _remember(said.clean, key)
        return verdict.text

    def _in_a_hurry(self, guard: Guard) -> Guard:
        known = self._hurried
        if known is None or known[0] is not guard:
            classifier = guard.classifier
            hurried = classifier.at_once() if isinstance(classifier, TwiceRead) else classifier
            self._hurried = known = guard, replace(guard, classifier=hurried)
        return known[1]

    def _listening(self, *, at_once: bool = False) -> _Said:
        """What is about to be said, with what this guard, and no earlier one with other words, found nothing in."""
        guard, held = self._guard(), self._remembered
        if held is None or held[0] is not guard:
            self._remembered = held = guard, OrderedDict()
        return _Said(self._in_a_hurry(guard) if at_once else guard, held[1])


def _remember(clean: OrderedDict[bytes, None], key: bytes) -> None:
    clean[key] = None
    while len(clean) > CLEAN_TEXTS_KEPT:
        try:
            clean.popitem(last=False)
        except KeyError:
            break


def _is_media(text: str) -> bool:
    """Whether a text is a picture or a sound written out, and nothing else."""
    return text[:5].lower() == "data:" and _MEDIA.fullmatch(text) is not None


def _said_in(part: object) -> list[str]:
    """The words of a part that a server reads as the message itself."""
    if isinstance(part, str):
        return [part]
    if not isinstance(part, dict):
        return []
    return [part[name] for name in _SAID_IN_PARTS if isinstance(part.get(name), str)]


def _strings_of(value: object) -> Iterator[str]:
    """Every word in a value, names included; pictures and sounds are no words."""
    if isinstance(value, str):
        if value and not _is_media(value):
            yield value
    elif isinstance(value, list):
        for one in value:
            yield from _strings_of(one)
    elif isinstance(value, dict):
        for key, one in value.items():
            yield key
            yield from _strings_of(one)


class Outward:
    """Checks one answer, whole or as it streams; one `OutwardText` for each text in it."""

    def __init__(self, guard: Guard, policy: Policy, inward: Inward) -> None:
        self._guard = guard
        self._policy = policy
        self._masks = dict(inward.masks)
        self._masker = inward.masker
        self._texts: list[OutwardText] = []
        self._said = _Said(guard)

    def stream(self) -> OutwardText:
        """A checker for one streamed text."""
        checker = StreamChecker(self._guard, self._policy, masker=self._masker)
        text = OutwardText(checker, self._masks)
        self._texts.append(text)
        return text

    def whole(self, text: str) -> tuple[str, bool]:
        """What may be shown of a whole text, and whether it was stopped."""
        if not text:
            return text, False
        verdict = self._guard.check(
            text, direction="out", audience=self._policy.audience, policy=self._policy, masker=self._masker
        )
        self._said.add(verdict)
        if verdict.verdict is Action.BLOCK:
            return BLOCKED_OUT, True
        return self.restored(verdict.text), False

    def restored(self, text: str) -> str:
        """The text with the caller's own values back in their places; what the model brought itself stays masked."""
        return restore_masks(text, self._masks) if self._masks and "〔" in text else text

    @property
    def word(self) -> GuardWord:
        """The strictest action on everything that came out, and the rules that spoke."""
        action, rules = self._said.action, dict(self._said.rules)
        for text in self._texts:
            if text.checker.verdict.rank > action.rank:
                action = text.checker.verdict
            rules |= {f"{found.kind.value}/{found.rule}": None for found in text.checker.findings}
        return GuardWord(action.value, self._policy.tag, tuple(rules))


class OutwardText:
    """One streamed text: held back as the policy says, then restored without cutting a placeholder in two."""

    def __init__(self, checker: StreamChecker, masks: Mapping[str, str]) -> None:
        self.checker = checker
        self._masks = masks
        self._tail = ""

    @property
    def stopped(self) -> bool:
        """The guard has ended the text."""
        return self.checker.stopped

    def feed(self, piece: str) -> str:
        """What may be shown now."""
        return self._restored(self.checker.feed(piece), final=False)

    def finish(self) -> str:
        """The rest."""
        return self._restored(self.checker.finish(), final=True)

    def _restored(self, text: str, *, final: bool) -> str:
        if not self._masks:
            return text
        text = self._tail + text
        half = None if final else _HALF_PLACEHOLDER.search(text)
        cut = half.start() if half else len(text)
        self._tail = text[cut:]
        return restore_masks(text[:cut], self._masks)
