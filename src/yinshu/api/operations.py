"""Every operation of the platform by name: a validated request in, one JSON object out.

The HTTP resources, the local socket and the command line all call these functions, so that they cannot differ.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from yinshu.api import auditing, guarding, living, modelling, requests, staffing
from yinshu.api.metrics import ASK_SECONDS, ASKS
from yinshu.api.platform import Asked, CalibrateOrder, IngestOrder, OnEvidence, Platform
from yinshu.api.render import (
    JsonObject,
    render_answer,
    render_collection,
    render_hit,
    render_job,
    render_link,
    render_version,
)
from yinshu.kernel.base.database import Connection, reading, writing
from yinshu.kernel.base.errors import BadArgument, NotAllowed, NotFound
from yinshu.kernel.base.faults import describe_faults
from yinshu.kernel.base.jobs import JobStatus
from yinshu.kernel.identity import LEVELS, Action, Resource, Subject, may, require, require_or_hide, sees_everything
from yinshu.kernel.knowledge import store
from yinshu.kernel.knowledge.records import SEARCHABLE_STATUSES, SearchScope, Status, Synonym, VersionInfo

JOBS_LISTED = 50
WORKING_ACTIONS: tuple[Action, ...] = ("ingest", "publish", "manage")
ALL_STATUSES: tuple[Status, ...] = ("draft", "in_review", "published", "superseded", "archived")
RequestType = TypeVar("RequestType", bound=requests.Request)


@dataclass(frozen=True)
class Operation(Generic[RequestType]):
    """A name's meaning: the type of its request, the right it takes, and the work.

    Reading the directory is everybody's right: such an operation shows each caller what is theirs to see.
    """

    request: type[RequestType]
    action: Action
    resource: str
    run: Callable[[Platform, Subject, RequestType], JsonObject]


def call(platform: Platform, subject: Subject, name: str, fields: Mapping[str, Any]) -> JsonObject:
    """Validate, ask for permission, run. Raises BadArgument, NotAllowed or what the operation itself raises."""
    operation = OPERATIONS.get(name)
    if operation is None:
        raise BadArgument(f"没有名为 {name} 的操作，请确认命令行与服务是同一版本。")
    try:
        request = operation.request.model_validate(fields)
    except ValidationError as error:
        raise BadArgument(f"参数的值不对：{describe_faults(error.errors())}。请改正后重试。") from None
    return perform(platform, subject, name, request)


def perform(platform: Platform, subject: Subject, name: str, request: requests.Request) -> JsonObject:
    """Run an operation whose request is valid, if the subject may. Raises NotAllowed or what the operation raises."""
    operation = OPERATIONS[name]
    return operation.run(platform, _admitted(platform, subject, operation, request), request)


def perform_ask(platform: Platform, subject: Subject, request: requests.AskRequest, tell: OnEvidence) -> JsonObject:
    """`ask`, telling the evidence as soon as it stands."""
    return ask(platform, _admitted(platform, subject, OPERATIONS["ask"], request), request, tell)


def _admitted(platform: Platform, subject: Subject, operation: Operation[Any], request: requests.Request) -> Subject:
    acting = acting_as(platform, subject, getattr(request, "as_user", None))
    require(acting, operation.action, Resource(operation.resource))
    return acting


def acting_as(platform: Platform, subject: Subject, user: str | None) -> Subject:
    """The subject whose rights count: the caller, or, for the local operator, the person they act as.

    Acting as somebody never adds to the caller's own rights, because the local operator has them all.
    """
    if not user or user in (subject.id, subject.login):
        return subject
    if not sees_everything(subject):
        raise NotAllowed("不能以别人的权限执行，请去掉 as_user 后重试。")
    acting = platform.people.sign_in.subject_named(user)
    if acting is None:
        raise NotFound(f"没有登录名为“{user}”的在职人员，请核对后重试。")
    return acting


def ask(
    platform: Platform, subject: Subject, request: requests.AskRequest, on_evidence: OnEvidence | None = None
) -> JsonObject:
    """Answer a question."""
    asked = _asked(platform, subject, request, request.composer)
    run = platform.ask(asked, on_evidence)
    ASKS.labels(run.answer.status).inc()
    for stage, latency_ms in run.latency_ms.items():
        ASK_SECONDS.labels(stage).observe(latency_ms / 1000)
    return render_answer(run.answer, run.run_id, run.latency_ms)


def search(platform: Platform, subject: Subject, request: requests.SearchRequest) -> JsonObject:
    """Find clauses."""
    limit = min(request.limit, platform.limits.search_hits_max)
    hits = platform.search(_asked(platform, subject, request, None), limit)
    return {"hits": [render_hit(hit) for hit in hits]}


def _asked(
    platform: Platform,
    subject: Subject,
    request: requests.AskRequest | requests.SearchRequest,
    composer: str | None,
) -> Asked:
    chars_max = platform.limits.question_chars_max
    if len(request.question) > chars_max:
        raise BadArgument(f"问题太长（超过 {chars_max} 字），请精简后再问。")
    as_of = request.as_of or platform.clock.today()
    return Asked(subject, request.question, request.collection, as_of, composer or platform.composer)


def _init(platform: Platform, subject: Subject, request: requests.InitRequest) -> JsonObject:
    job_id = platform.submit_sample(subject.id) if request.sample else None
    return {"home": str(platform.home), "version": platform.version, "job_id": job_id}


def _ingest(platform: Platform, subject: Subject, request: requests.IngestRequest) -> JsonObject:
    _require_ingest(platform, subject, request)
    order = IngestOrder(
        paths=tuple(Path(path) for path in request.paths),
        collection=request.collection,
        index=Path(request.index) if request.index else None,
        published=request.published,
        wait=request.wait,
        actor=subject.id,
    )
    return {"job_id": platform.submit_ingest(order)}


def _require_ingest(platform: Platform, subject: Subject, request: requests.IngestRequest) -> None:
    """Into a collection of one's rights; a new one is made by whoever administers content. Nobody skips review here.

    Raises the same NotFound for a collection that does not exist and for one that is not the subject's.
    """
    if sees_everything(subject):
        return
    with reading(platform.engine) as connection:
        found = store.find_collection(connection, request.collection)
    if found is None and may(subject, "administer", Resource("collection")).allowed:
        return
    missing = NotFound(f"没有名为“{request.collection}”的资料库，或您不能向它上传。请核对名称，或向管理员申请。")
    require_or_hide(subject, "ingest", Resource("collection", found.id if found else "-"), missing)
    if request.published:
        raise NotAllowed("免审核发布只能在服务器本机用命令行执行。请去掉免审核选项，提交后由另一人审核发布。")


def _collections(platform: Platform, subject: Subject, _request: requests.NoParameters) -> JsonObject:
    with reading(platform.engine) as connection:
        visible = store.readable_collections(connection, subject, action="ask")
        scope = store.search_scope(connection, subject, platform.clock.today())
        listed = [
            (one, store.count_collection(connection, one.id, scope))
            for one in store.list_collections(connection)
            if one.id in visible
        ]
    # The vectors of what somebody may not see must not be counted for them either.
    return {
        "collections": [
            render_collection(collection, counts, min(counts.clauses, platform.count_vectors(collection.id)))
            for collection, counts in listed
        ]
    }


def _documents(platform: Platform, subject: Subject, request: requests.DocumentsRequest) -> JsonObject:
    statuses = (request.status,) if request.status else ALL_STATUSES
    with reading(platform.engine) as connection:
        found = [
            version
            for scope in (_readable(connection, platform, subject, request.collection),)
            for collection_id in (*scope.collection_ids, *scope.partial_collection_ids)
            for version in store.list_versions(connection, collection_id, statuses=statuses)
            if scope.admits(version) and _past_review(subject, version)
        ]
    return {"documents": [render_version(version) for version in found]}


def _readable(connection: Connection, platform: Platform, subject: Subject, collection: str) -> SearchScope:
    """What the subject may read of the named collection, or of all. Raises NotFound naming those within reach."""
    return store.search_scope(connection, subject, platform.clock.today(), collection=collection, action="read")


def _past_review(subject: Subject, version: VersionInfo) -> bool:
    """Whether a reader may see the version: drafts and what is put away are for those who work on the document."""
    if version.status in SEARCHABLE_STATUSES:
        return True
    document = document_resource(version)
    return any(may(subject, action, document).allowed for action in WORKING_ACTIONS)


def document_resource(version: VersionInfo) -> Resource:
    """The document of a version, as rights know it."""
    return Resource("document", version.document_id, version.collection_id, LEVELS[version.level])


def _links(platform: Platform, subject: Subject, request: requests.LinksRequest) -> JsonObject:
    with reading(platform.engine) as connection:
        scope = _readable(connection, platform, subject, request.collection)
        ids = (*scope.collection_ids, *scope.partial_collection_ids)
        links = [link for collection_id in ids for link in store.list_links(connection, collection_id)]
        versions = store.get_versions(connection, [link.from_version_id for link in links])
        titles = {
            version.document_id: version.title
            for collection_id in ids
            for version in store.list_versions(connection, collection_id)
            if scope.admits(version)
        }
    rendered = [
        render_link(link, versions[link.from_version_id], titles.get(link.to_document_id or ""))
        for link in links
        if scope.admits(versions[link.from_version_id])
    ]
    return {"links": [link for link in rendered if request.file in (None, link["from_file"])]}


def _jobs(platform: Platform, subject: Subject, _request: requests.NoParameters) -> JsonObject:
    everyone = may(subject, "read", Resource("job")).allowed
    return {"jobs": [render_job(one) for one in platform.jobs.list_jobs(JOBS_LISTED, None if everyone else subject.id)]}


def _job(platform: Platform, subject: Subject, request: requests.JobRequest) -> JsonObject:
    return render_job(_job_of(platform, subject, "read", request.job_id))


def _cancel_job(platform: Platform, subject: Subject, request: requests.JobRequest) -> JsonObject:
    return render_job(platform.jobs.cancel(_job_of(platform, subject, "configure", request.job_id).id))


def _job_of(platform: Platform, subject: Subject, action: Action, job_id: str) -> JobStatus:
    """One's own job, or any for whoever runs the platform. Raises the same NotFound for others' jobs and for none."""
    missing = NotFound(f"没有编号为 {job_id} 的任务。可在任务列表中查看您的任务。")
    try:
        status = platform.jobs.status(job_id)
    except NotFound:
        raise missing from None
    require_or_hide(subject, action, Resource("job", status.id, owner=status.owner), missing)
    return status


def _glossary(platform: Platform, _subject: Subject, _request: requests.NoParameters) -> JsonObject:
    with reading(platform.engine) as connection:
        terms = store.list_synonyms(connection)
    return {"terms": [{"term": one.term, "standard": one.standard, "source": one.source} for one in terms]}


def _glossary_add(platform: Platform, _subject: Subject, request: requests.PairsRequest) -> JsonObject:
    with writing(platform.engine) as connection:
        changed = store.add_synonyms(connection, [Synonym(term, word, "bank") for term, word in request.pairs])
    platform.forget_words()
    return {"changed": changed}


def _glossary_remove(platform: Platform, _subject: Subject, request: requests.PairsRequest) -> JsonObject:
    with writing(platform.engine) as connection:
        changed = sum(store.remove_synonym(connection, term, word) for term, word in request.pairs)
    platform.forget_words()
    return {"changed": changed}


def _calibrate(platform: Platform, _subject: Subject, request: requests.CalibrateRequest) -> JsonObject:
    cases, out = (Path(name) if name else None for name in (request.cases, request.out))
    return platform.calibrate(CalibrateOrder(request.collection, cases, out))


def _back_up(platform: Platform, subject: Subject, request: requests.BackUpRequest) -> JsonObject:
    target = Path(request.file)
    if not target.is_absolute():
        raise BadArgument("请给出备份文件的完整路径。")
    return platform.back_up(target, subject.id)


OPERATIONS: dict[str, Operation[Any]] = {
    "ask": Operation(requests.AskRequest, "ask", "collection", ask),
    "search": Operation(requests.SearchRequest, "ask", "collection", search),
    "init": Operation(requests.InitRequest, "configure", "platform", _init),
    "ingest": Operation(requests.IngestRequest, "ingest", "collection", _ingest),
    "collections": Operation(requests.NoParameters, "read", "directory", _collections),
    "documents": Operation(requests.DocumentsRequest, "read", "directory", _documents),
    "links": Operation(requests.LinksRequest, "read", "directory", _links),
    "jobs": Operation(requests.NoParameters, "read", "directory", _jobs),
    "job": Operation(requests.JobRequest, "read", "directory", _job),
    "cancel_job": Operation(requests.JobRequest, "read", "directory", _cancel_job),
    "glossary": Operation(requests.NoParameters, "read", "glossary", _glossary),
    "glossary_add": Operation(requests.PairsRequest, "configure", "glossary", _glossary_add),
    "glossary_remove": Operation(requests.PairsRequest, "configure", "glossary", _glossary_remove),
    **{name: Operation(request, action, "ledger", run) for name, request, action, run in auditing.OPERATIONS},
    **{name: Operation(request, action, "guard", run) for name, request, action, run in guarding.OPERATIONS},
    **{name: Operation(request, action, on, run) for name, request, action, on, run in modelling.OPERATIONS},
    **{name: Operation(request, action, on, run) for name, request, action, on, run in staffing.OPERATIONS},
    **{name: Operation(request, action, on, run) for name, request, action, on, run in living.OPERATIONS},
    "back_up": Operation(requests.BackUpRequest, "configure", "platform", _back_up),
    "calibrate": Operation(requests.CalibrateRequest, "configure", "platform", _calibrate),
}
