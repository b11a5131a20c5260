/** What the guard tells of policies, trials and verdicts. */
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "@/api/client";

export type Action = "pass" | "mask" | "warn" | "block" | "review";
export type VersionStatus = "draft" | "submitted" | "in_force" | "refused" | "retired" | "shipped";
export type VerdictStatus = "noted" | "waiting" | "confirmed" | "mistaken";

export interface PolicyVersion {
  id: string;
  name: string;
  version: string;
  body: string;
  status: VersionStatus;
  written_by?: string;
  written_at?: string;
  decided_by?: string | null;
  entries?: number;
}

export interface Finding {
  start: number;
  end: number;
  kind: string;
  rule: string;
  category: string;
  severity: "low" | "medium" | "high";
  action: Action;
  policy_version: string;
  policy_rule: string;
  score: number;
}

export interface Tried {
  action: Action;
  findings: Finding[];
  masked: string;
  policy: string;
  elapsed_ms: number;
}

export interface Verdict {
  id: string;
  at: string;
  person: string;
  channel: string;
  direction: string;
  action: Action;
  policy: string;
  findings: { kind: string; rule: string; category?: string; severity: string; policy_rule?: string }[];
  excerpt: string;
  status: VerdictStatus;
  decided_by: string | null;
  note: string;
}

export interface Trial {
  text: string;
  policy: string;
  direction: "in" | "out" | "data";
  audience: "internal" | "public";
}

const ROOT = "guard";

/** The verdict on a text as it stands; nothing of it is kept. */
export const useTrial = (trial: Trial) =>
  useQuery({
    queryKey: [ROOT, "try", trial],
    queryFn: ({ signal }) => api.post<Tried>("/guard/try", trial, { signal }),
    enabled: trial.text.trim() !== "",
    staleTime: 60_000,
    placeholderData: (before) => before,
  });

export const usePolicies = () =>
  useQuery({
    queryKey: [ROOT, "policies"],
    queryFn: () => api.get<{ items: PolicyVersion[]; shipped: PolicyVersion[] }>("/guard/policies"),
  });

export const useLexicons = () =>
  useQuery({ queryKey: [ROOT, "lexicons"], queryFn: () => api.get<{ items: PolicyVersion[] }>("/guard/lexicons") });

/** Verdicts, newest first; with a number, those from this one back, because numbers go by time. */
export const useVerdicts = (status: VerdictStatus | "", number = "") =>
  useInfiniteQuery({
    queryKey: [ROOT, "verdicts", status, number],
    queryFn: ({ pageParam }) =>
      api.get<{ items: Verdict[]; next: string | null }>("/guard/verdicts", {
        query: { status, after: pageParam, ...(number ? { limit: 1 } : {}) },
      }),
    // What comes behind this text is the number itself and everything before it.
    initialPageParam: number ? `${number}~` : "",
    getNextPageParam: ({ next }) => next,
  });

/** A change, after which everything read of the guard is read again. */
export function useGuardChange<Given, Result = unknown>(change: (given: Given) => Promise<Result>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: change, onSuccess: () => client.invalidateQueries({ queryKey: [ROOT] }) });
}
