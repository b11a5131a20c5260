/** Which source stands open is written in the address, so that back closes it and a link opens it. */
import { useSearchParams } from "react-router";
import type { Citation, EvidenceHit, Turn } from "@/api/answers";
import type { Place } from "@/blocks/reader/records";

export interface Open {
  documentId: string;
  versionId: string;
  place: Place;
}

const placeOf = (source: Citation): Open => ({
  documentId: source.document_id ?? "",
  versionId: source.version,
  place: { clauseId: source.clause_id, page: source.page, box: source.bbox, quote: source.quote },
});

interface Opened {
  turn?: Turn;
  /** The number of the source that stands open. */
  n?: number;
  near: boolean;
  shown?: Open;
}

/** A clause of the evidence stays open when its answer comes; it is a source of the answer then, if the answer took it. */
function openClause(params: URLSearchParams, clauseId: number, turn?: Turn): Opened {
  const taken = turn?.answer?.citations.find((one) => one.clause_id === clauseId && one.may_open !== false);
  if (taken) return { turn, n: taken.n, near: false, shown: placeOf(taken) };
  const documentId = params.get("document");
  const place = { clauseId, page: Number(params.get("page")) || null, box: null, quote: "" };
  return { turn, near: false, shown: documentId ? { documentId, versionId: params.get("version") ?? "", place } : undefined };
}

/** What the address says to open: `source` names a source of an answer, `clause` a clause of the evidence. */
export function openOf(params: URLSearchParams, turns: Turn[]): Opened {
  const turn = turns.find(({ id }) => id === params.get("turn"));
  const clauseId = Number(params.get("clause"));
  if (clauseId) return openClause(params, clauseId, turn);
  const near = params.get("near") === "1";
  const n = Number(params.get("source"));
  const source = (near ? turn?.answer?.nearest : turn?.answer?.citations)?.find((one) => one.n === n);
  return { turn, n: source?.n, near, shown: source && placeOf(source) };
}

export function useOpened(turns: Turn[]) {
  const [params, setParams] = useSearchParams();
  const open = (of: Turn, citation: Citation) => {
    const isNear = of.answer?.nearest.includes(citation);
    setParams({ turn: of.id, source: String(citation.n), ...(isNear ? { near: "1" } : {}) });
  };
  const openHit = (turnId: string, { clause_id, document_id = "", version_id = "", page }: EvidenceHit) =>
    setParams({ turn: turnId, clause: String(clause_id), document: document_id, version: version_id, ...(page ? { page: String(page) } : {}) });
  const clause = Number(params.get("clause")) || undefined;
  return { ...openOf(params, turns), clause, open, openHit, close: () => setParams({}) };
}
