"""Calls of other models than chat: embeddings, ranking, speech to text; the same way, the same record."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from yinshu.kernel.gateway.call import Gateway
from yinshu.kernel.gateway.embed import checked
from yinshu.kernel.gateway.errors import BadModel, ContentBlocked, GatewayError, UpstreamRefused
from yinshu.kernel.gateway.ports import Embedder, Vectors
from yinshu.kernel.gateway.prepare import Task, chain_of, digest
from yinshu.kernel.gateway.records import Caller, CallStatus, Capability, GuardWord, Tokens
from yinshu.kernel.gateway.relay import tokens_of
from yinshu.kernel.gateway.tokens import estimate_tokens

TEXTS_MAX = 256
TEXT_CHARS_MAX = 32_000
DOCUMENTS_MAX = 500
FORM_FIELDS = ("language", "prompt", "response_format", "temperature")
Json = dict[str, Any]


class OtherCalls:
    """Used on the gateway's event loop. `embedder` is the built-in one, for models of kind `builtin`."""

    def __init__(self, gateway: Gateway, embedder: Embedder) -> None:
        self._gateway = gateway
        self.embedder = embedder

    async def embed(self, caller: Caller, body: Mapping[str, Any]) -> Json:
        """Vectors in OpenAI's form. Raises YinshuError."""
        texts = _texts(body.get("input"))
        task = self._admitted(caller, body.get("model"), "embed", texts)
        try:
            passed = await self._screened(task, texts)
            if task.chain[0].kind == "builtin":
                vectors = await asyncio.to_thread(self._vectors, passed)
                task.model = task.chain[0]
                task.tokens = Tokens(sum(estimate_tokens(text) for text in passed), 0, estimated=True)
                answer = _embeddings(vectors, task.model.name, task.tokens, str(body.get("encoding_format", "float")))
            else:
                payload = {key: value for key, value in body.items() if key not in ("model", "user")}
                answer = await self._gateway.sender.post(task, "/embeddings", {**payload, "input": passed})
                task.tokens = tokens_of({"completion_tokens": 0, **(answer.get("usage") or {})}) or Tokens()
            await self._end(task)
        except GatewayError as error:
            await self._fail(task, error)
            raise
        finally:
            self._gateway.quotas.settle(caller, task.tokens.total, stream=False)
        return answer

    async def rerank(self, caller: Caller, body: Mapping[str, Any]) -> Json:
        """Documents in the order of their nearness to a query, the form that Jina, Cohere and vLLM share."""
        query, documents = body.get("query"), _documents(body.get("documents"))
        if not isinstance(query, str) or not query:
            raise BadModel("query 应为要比较的文字，请对照接口说明修改。")
        texts = [query, *documents]
        task = self._admitted(caller, body.get("model"), "rerank", texts)
        try:
            passed = await self._screened(task, texts)
            if task.chain[0].kind == "builtin":
                task.model = task.chain[0]
                scores = await asyncio.to_thread(self._scores, passed[0], passed[1:])
                task.tokens = Tokens(sum(estimate_tokens(text) for text in passed), 0, estimated=True)
                answer = _ranking(scores, documents, body, task)
            else:
                payload = {key: value for key, value in body.items() if key not in ("model", "user")}
                sent = {**payload, "query": passed[0], "documents": passed[1:]}
                answer = await self._gateway.sender.post(task, "/rerank", sent)
                task.tokens = tokens_of({"completion_tokens": 0, **(answer.get("usage") or {})}) or Tokens()
            await self._end(task)
        except GatewayError as error:
            await self._fail(task, error)
            raise
        finally:
            self._gateway.quotas.settle(caller, task.tokens.total, stream=False)
        return answer

    async def transcribe(self, caller: Caller, fields: Mapping[str, str], file: tuple[str, bytes]) -> Json:
        """What is said in a recording; the text is checked like any answer. Raises YinshuError."""
        texts = [fields.get("prompt", "")]
        task = self._admitted(caller, fields.get("model"), "asr", texts)
        try:
            await self._screened(task, texts)
            sent = [(name, fields[name]) for name in FORM_FIELDS if name in fields and name != "response_format"]
            answer = await self._gateway.sender.upload(task, "/audio/transcriptions", sent, file)
            text = answer.get("text")
            if not isinstance(text, str):
                raise UpstreamRefused("语音模型没有返回文字，请检查录音格式后重试。")
            task.tokens = Tokens(0, estimate_tokens(text), estimated=True)
            ((shown, word),) = await asyncio.to_thread(self._checked, [text], caller.application)
            task.verdict_out = word
            await self._end(task)
        except GatewayError as error:
            await self._fail(task, error)
            raise
        finally:
            self._gateway.quotas.settle(caller, task.tokens.total, stream=False)
        return {**answer, "text": shown}

    def _admitted(self, caller: Caller, name: object, capability: Capability, texts: Sequence[str]) -> Task:
        """A call within its quota; who calls this settles it."""
        chain = chain_of(self._gateway.registry, caller, name, capability)
        task = Task(caller, capability, chain, streamed=False, prompt_sha256=digest(list(texts)))
        self._gateway.quotas.admit(caller, stream=False)
        return task

    async def _screened(self, task: Task, texts: Sequence[str]) -> list[str]:
        """What the guard lets through, read beside the event loop. Raises ContentBlocked."""
        try:
            passed = await asyncio.to_thread(self._checked, texts, task.caller.application)
        except ContentBlocked as error:
            policy = self._gateway.screen.policy(task.caller.application)
            task.verdict_in = GuardWord("block", policy.tag, tuple(error.detail.split(",")))
            raise
        task.verdict_in = _strictest([word for _, word in passed])
        return [text for text, _ in passed]

    def _checked(self, texts: Sequence[str], application: str) -> list[tuple[str, GuardWord]]:
        return [self._gateway.screen.text_in(text, application, "data") for text in texts]

    def _vectors(self, texts: Sequence[str]) -> Vectors:
        return checked(self.embedder, self.embedder.embed_passages(texts), len(texts))

    def _scores(self, query: str, documents: Sequence[str]) -> list[float]:
        asked = self.embedder.embed_query(query)
        return [float(score) for score in self._vectors(documents) @ asked]

    async def _end(self, task: Task) -> None:
        task.recorded = True
        await self._gateway.recorder.record(task.call("ok"))

    async def _fail(self, task: Task, error: GatewayError) -> None:
        if not task.recorded:
            task.recorded = True
            status: CallStatus = "blocked" if isinstance(error, ContentBlocked) else "failed"
            await self._gateway.recorder.record(task.call(status, error=error.code))


def _strictest(words: Sequence[GuardWord]) -> GuardWord:
    spoken = [word for word in words if word.rules]
    return spoken[0] if spoken else words[0]


def _texts(given: object) -> list[str]:
    texts = [given] if isinstance(given, str) else given
    if not isinstance(texts, list) or not texts or not all(isinstance(one, str) and one for one in texts):
        raise BadModel("input 应为一段文字或若干段文字的列表（不支持词元编号），请对照接口说明修改。")
    if len(texts) > TEXTS_MAX or max(map(len, texts)) > TEXT_CHARS_MAX:
        raise BadModel(f"一次最多 {TEXTS_MAX} 段文字，每段最多 {TEXT_CHARS_MAX} 字，请分批提交。")
    return texts


def _documents(given: object) -> list[str]:
    if not isinstance(given, list) or not given or len(given) > DOCUMENTS_MAX:
        raise BadModel(f"documents 应为 1 至 {DOCUMENTS_MAX} 段文字的列表，请对照接口说明修改。")
    texts = [one.get("text") if isinstance(one, dict) else one for one in given]
    return _texts_within(texts)


def _texts_within(texts: Sequence[object]) -> list[str]:
    checked_texts = [one for one in texts if isinstance(one, str) and 0 < len(one) <= TEXT_CHARS_MAX]
    if len(checked_texts) != len(texts):
        raise BadModel(f"每段文字应为 1 至 {TEXT_CHARS_MAX} 字，请修改后重试。")
    return checked_texts


def _embeddings(vectors: Vectors, model: str, tokens: Tokens, encoding: str) -> Json:
    def form(vector: Vectors) -> object:
        if encoding == "base64":
            return base64.b64encode(vector.astype("<f4").tobytes()).decode()
        return [float(value) for value in vector]

    data = [{"object": "embedding", "index": place, "embedding": form(one)} for place, one in enumerate(vectors)]
    usage = {"prompt_tokens": tokens.input, "total_tokens": tokens.input}
    return {"object": "list", "data": data, "model": model, "usage": usage}


def _ranking(scores: Sequence[float], documents: Sequence[str], body: Mapping[str, Any], task: Task) -> Json:
    order = [int(place) for place in np.argsort(-np.asarray(scores), kind="stable")]
    top = body.get("top_n")
    if isinstance(top, int) and top > 0:
        order = order[:top]
    results: list[Json] = [{"index": place, "relevance_score": scores[place]} for place in order]
    if body.get("return_documents"):
        results = [{**one, "document": {"text": documents[one["index"]]}} for one in results]
    return {
        "id": task.id,
        "model": task.chain[0].name,
        "results": results,
        "usage": {"total_tokens": task.tokens.input},
    }
