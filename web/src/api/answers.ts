/** Answers, their sentences and sources, as the server renders them. */

export type AnswerStatus = "answered" | "refused" | "clarify";

export interface Citation {
  n: number;
  document: string;
  file: string;
  document_id?: string;
  /** Id of the document's version. */
  version: string;
  clause_id?: number;
  article: string;
  page: number | null;
  /** Left, top, right, bottom as shares of the page. */
  bbox: [number, number, number, number] | null;
  quote: string;
  effective_from: string | null;
  effective_to: string | null;
  in_force: boolean;
  /** False when the reader may not open it (any more), or when it is a file of the question itself. */
  may_open?: boolean;
  uploaded?: boolean;
}

export interface Sentence {
  text: string;
  citations: number[];
  verified: boolean;
  /** Why it was taken out, where it was. */
  reason?: string;
}

export interface Answer {
  status: AnswerStatus;
  status_words?: string;
  answer: string;
  sentences: Sentence[];
  /** Sentences that the verifier did not let pass. */
  removed?: { text: string; reason: string }[];
  citations: Citation[];
  missing: string | null;
  clarify: string[];
  nearest: Citation[];
  refusal: string | null;
  confidence: number;
  latency_ms: Record<string, number>;
  run_id: string;
  ai_label?: string;
}

/** One clause of the evidence, before the answer stands. */
export interface EvidenceHit {
  file: string;
  document: string;
  article: string;
  path: string[];
  text: string;
  page: number | null;
  effective_from: string | null;
  effective_to: string | null;
  clause_id: number;
  /** Missing for a file of the question itself, which is not opened. */
  version_id?: string;
  document_id?: string;
}

export type Verdict = "right" | "wrong" | "outdated";

/** Quoted; quoted and shortened by a model that chose among the sentences; worded by a model. */
export type ComposedAs = "extractive" | "shortened" | "model";

export interface Turn {
  id: string;
  ordinal: number;
  state: "asking" | "answered" | "failed" | "stopped" | "interrupted";
  question: string;
  understood_as: string;
  follow_up: boolean;
  as_of: string;
  collections: string[];
  attachment_ids: string[];
  answer: Answer | null;
  error: string;
  /** In Chinese; `composed_as` says the same as a key. */
  composed_by: string;
  composed_as?: ComposedAs;
  asked_at: string;
  feedback: Verdict | null;
  /** How many sources the reader may not read (any more). */
  withheld: number;
}
