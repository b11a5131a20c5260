/** A document as the reader needs it. */
import { useQuery } from "@tanstack/react-query";
import { api } from "@/api/client";

export type Box = [number, number, number, number];

export interface ReadClause {
  clause_id: number;
  ordinal: number;
  path: string[];
  article: string;
  heading: string;
  kind: string;
  lead: string;
  text: string;
  page: number | null;
  /** Left, top, right, bottom as shares of the page. */
  box: Box | null;
  effective_from: string | null;
  effective_to: string | null;
  changed_on: string | null;
  rows?: string[][];
}

export interface OutlineEntry {
  path: string[];
  label: string;
  depth: number;
  clause_id: number;
}

export interface DocumentText {
  document_id: string;
  version_id: string;
  title: string;
  /** How many pages can be shown as images; null when the text is all there is. */
  pages: number | null;
  outline: OutlineEntry[];
  clauses: ReadClause[];
}

export interface ReaderVersion {
  version_id: string;
  ordinal: number;
  status: string;
  number: string;
  effective_from: string | null;
  effective_to: string | null;
}

export interface ReaderLink {
  id: string;
  relation: "supersedes" | "amends" | "repeals";
  direction: "out" | "in";
  title: string;
  number: string;
  articles: string[];
  document_id: string | null;
  effective_on: string | null;
  partial: boolean;
  quote: string;
  mark: string;
}

export interface ReaderDocument {
  id: string;
  version_id: string;
  title: string;
  level: string;
  collection: { id: string; name: string; kind: string };
  versions: ReaderVersion[];
  links: ReaderLink[];
  who_may_see: { holder: { kind: string; id: string; name: string }; action: string; effect: string }[];
  owner: { id: string; name: string } | null;
  review_on: string | null;
  faq: { id: string; question: string }[];
}

/** Where to look: a clause, its page and box, and the words that were quoted. */
export interface Place {
  clauseId?: number;
  page?: number | null;
  box?: Box | null;
  quote?: string;
}

export function useText(documentId: string, versionId: string) {
  return useQuery({
    queryKey: ["text", documentId, versionId],
    queryFn: () => api.get<DocumentText>(`/knowledge/documents/${documentId}/versions/${versionId}/text`),
    staleTime: Infinity,
  });
}

export function useReaderDocument(documentId: string) {
  return useQuery({
    queryKey: ["document", documentId, "reader"],
    queryFn: () => api.get<ReaderDocument>(`/knowledge/documents/${documentId}`),
  });
}

export function pageUrl(documentId: string, versionId: string, page: number): string {
  return `/api/knowledge/documents/${documentId}/versions/${versionId}/pages/${page}.png`;
}

export function originalUrl(documentId: string, versionId: string): string {
  return `/api/knowledge/documents/${documentId}/versions/${versionId}/original`;
}
