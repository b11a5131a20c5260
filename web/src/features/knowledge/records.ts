/** What the server tells of collections, documents and versions. Days are YYYY-MM-DD, moments ISO with a zone. */
import type { Named } from "@/api/session";

export type CollectionKind = "enterprise" | "department" | "personal";
export type Action = "read" | "ask" | "ingest" | "publish" | "manage";
export type Status = "draft" | "in_review" | "approved" | "published" | "superseded" | "archived";
export type Mark = "machine_proposed" | "confirmed";
export type Relation = "supersedes" | "amends" | "repeals";
export type Level = "public" | "internal" | "confidential" | "secret";

export interface Collection extends Named {
  kind: CollectionKind;
  department: Named | null;
  owner: Named | null;
  documents: number;
  clauses: number;
  vectors: number;
  may: Action[];
}

export interface DocumentRow {
  id: string;
  version_id: string;
  title: string;
  number: string;
  issuer: string;
  kind: string;
  status: Status;
  /** The status of a newer version that is not published yet. */
  pending: Status | null;
  level: Level;
  effective_from: string | null;
  effective_to: string | null;
  owner: Named | null;
  review_on: string | null;
  changed_at: string | null;
}

export interface PageOf<T> {
  items: T[];
  next: string | null;
  total?: number;
}

export const FIELD_NAMES = ["title", "number", "issuer", "kind", "issued_on", "effective_from", "effective_to"] as const;
export type FieldName = (typeof FIELD_NAMES)[number];

/** Where words stand: the clause, its article as the text counts it, and the page where there are pages. */
interface Place {
  clause_id: number | null;
  article: string | null;
  page: number | null;
}

export interface Field extends Place {
  value: string;
  quote: string;
  mark: Mark;
}

export interface Version {
  version_id: string;
  ordinal: number;
  status: Status;
  file: string;
  title: string;
  number: string;
  effective_from: string | null;
  effective_to: string | null;
  published_on: string | null;
  publish_on: string | null;
  created_at: string | null;
  created_by: Named | null;
  /** How many pages have an image; null when the text has none. */
  pages: number | null;
  from_ocr: boolean;
  warnings: string[];
}

export interface Link extends Place {
  id: string;
  from_version_id: string;
  partial: boolean;
  relation: Relation;
  direction: "out" | "in";
  title: string;
  number: string;
  articles: string[];
  document_id: string | null;
  effective_on: string | null;
  quote: string;
  mark: Mark;
}

/** Everything but the text of a document. */
export interface DocumentCard {
  id: string;
  collection: Named & { kind: CollectionKind };
  title: string;
  file: string;
  status: Status;
  version_id: string;
  level: Level;
  fields: Partial<Record<FieldName, Field>>;
  versions: Version[];
  links: Link[];
  who_may_see: { holder: { kind: string; id: string; name: string }; action: Action; effect: "allow" | "deny" }[];
  review_on: string | null;
  owner: Named | null;
  faq: Faq[];
  may: Action[];
}

export interface Faq {
  id: string;
  collection_id: string;
  question: string;
  answer: string;
  citations: { clause_id: number; document: string; document_id: string; article: string; quote: string }[];
  owner: Named | null;
  expires_on: string | null;
  pinned: boolean;
  expired: boolean;
  stale_reason: string;
}

export type DiffKind = "same" | "added" | "removed" | "changed";
/** Half-open ranges of characters that differ, within the text of its side. */
export type Spans = [number, number][];

export interface DiffSide {
  article: string;
  text: string;
}

export interface DiffRow {
  kind: DiffKind;
  /** It stands elsewhere than it did. */
  moved: boolean;
  old: DiffSide | null;
  new: DiffSide | null;
  spans: { old: Spans; new: Spans };
}

export type Outcome = "waiting" | "added" | "new_version" | "unchanged" | "failed";

export interface UploadItem {
  file: string;
  outcome: Outcome;
  error: string;
  version_id: string | null;
  document_id: string | null;
}
