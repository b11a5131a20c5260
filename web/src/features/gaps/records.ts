/** Where the library does not carry its questions: unanswered, contradictory, overdue, wrong. */
import { useQuery } from "@tanstack/react-query";
import { api } from "@/api/client";
import type { Named } from "@/api/session";

export interface Unanswered {
  cluster: string;
  example: string;
  questions: string[];
  count: number;
  asked_last: string;
}

export interface ConflictSide {
  clause_id: number;
  document_id: string;
  document: string;
  article: string;
  sentence: string;
  effective_from: string | null;
}

export interface Conflict {
  first: ConflictSide;
  second: ConflictSide;
  /** The figures side by side. */
  differing: [string, string][];
}

export interface Overdue {
  document_id: string;
  title: string;
  number: string;
  owner: Named | null;
  review_on: string;
}

export interface Wrong {
  id: string;
  run_id: string;
  question: string;
  verdict: "wrong" | "outdated";
  comment: string;
  at: string;
  person: Named | null;
}

export interface Gaps {
  unanswered: Unanswered[];
  conflicts: Conflict[];
  overdue: Overdue[];
  wrong: Wrong[];
}

export function useGaps() {
  return useQuery({ queryKey: ["knowledge", "gaps"], queryFn: () => api.get<Gaps>("/knowledge/gaps"), staleTime: 60_000 });
}
