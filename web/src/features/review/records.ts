/** What waits for a second person: versions to review and corrections to accept. */
import { useQuery } from "@tanstack/react-query";
import { api } from "@/api/client";
import type { Named } from "@/api/session";
import type { Status } from "@/features/knowledge/records";

export type ReviewStep = "approve" | "return" | "publish" | "withdraw";

export interface WaitingFile {
  version_id: string;
  document_id: string;
  title: string;
  number: string;
  ordinal: number;
  file: string;
  status: Status;
  effective_from: string | null;
  publish_on: string | null;
  created_by: Named | null;
}

export interface WaitingVersion {
  version: WaitingFile;
  submitted_by: Named | null;
  at: string;
  comment: string;
  decided_by: Named | null;
  waiting_for_me: boolean;
  steps: ReviewStep[];
}

export interface Correction {
  id: string;
  version_id: string;
  document_id: string;
  title: string;
  kind: "card" | "link";
  target: string;
  before: unknown;
  after: unknown;
  proposed_by: Named | null;
  at: string;
  comment: string;
  waiting_for_me: boolean;
}

export interface ReviewQueue {
  items: WaitingVersion[];
  corrections: Correction[];
}

export const REVIEWS_KEY = ["knowledge", "reviews"];

export function useReviews() {
  return useQuery({ queryKey: REVIEWS_KEY, queryFn: () => api.get<ReviewQueue>("/knowledge/reviews"), refetchInterval: 60_000 });
}
