/** What the ledger tells its administrators. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { api, type Query } from "@/api/client";

export interface Entry {
  seq: number;
  at: string;
  actor: string;
  action: string;
  subject: string;
  /** The names of the people in it; "" where it is nobody. */
  actor_name: string;
  subject_name: string;
  payload: Record<string, unknown>;
  prev_hash: string;
  hash: string;
}

export interface Verified {
  records: number;
  ok: boolean;
  first_bad: number | null;
  head: string;
  heads_failing: string[];
}

export interface SignedHead {
  seq: number;
  hash: string;
  at: string;
  algorithm: string;
  key_id: string;
  anchored_to: string | string[] | null;
}

export interface AuditSetting {
  name: string;
  help: string;
  least: number;
  most: number;
  value: number;
}

export interface SettingChange {
  id: string;
  name: string;
  value: number;
  proposed_by: string;
  proposed_at: string;
  approved: boolean | null;
  decided_by: string | null;
  decided_at: string | null;
}

export interface ReplayAnswer {
  status: string;
  answer: string;
  /** "extractive", or the name of the model that worded it. */
  composed_by: string;
  /** Whether that model only chose among exact sentences. */
  shortened?: boolean;
}

/** All that a model had said, and by which source each sentence is supported: then, and verified again. */
export interface Rewording {
  model: string;
  prompt_version: string;
  said: string;
  /** Whether it only named exact sentences; `sentences` are those it named. */
  chose?: boolean;
  sentences: { text: string; then: number | null; now: number | null; faults: string[] }[];
}

export interface Replay {
  run_id: string;
  asked_at: string;
  actor: string;
  question: string;
  as_of: string;
  same: boolean;
  then: ReplayAnswer;
  now: ReplayAnswer;
  /** Null when no model took part. */
  wording: Rewording | null;
  versions_hidden: number;
  differences: { what: string; then: string; now: string }[];
}

export interface Wanted {
  q: string;
  actor: string;
  action: string;
  subject: string;
  since: string;
  until: string;
}

export const NOTHING_WANTED: Wanted = { q: "", actor: "", action: "", subject: "", since: "", until: "" };
const LIMIT = 100;

/** A local day as the ledger's instant; `end` means the end of that day. */
export function instantOf(day: string, end = false): string {
  return day ? new Date(`${day}T${end ? "23:59:59.999" : "00:00:00"}`).toISOString() : "";
}

export function useEntries(wanted: Wanted) {
  const query: Query = { ...wanted, since: instantOf(wanted.since), until: instantOf(wanted.until, true), limit: LIMIT };
  return useInfiniteQuery({
    queryKey: ["audit", "entries", wanted],
    queryFn: ({ pageParam }) =>
      api.get<{ items: Entry[]; next: string | null }>("/audit/entries", { query: { ...query, after: pageParam } }),
    initialPageParam: "",
    getNextPageParam: ({ next }) => next,
    // Reading is itself recorded, so nothing is read again by the way.
    staleTime: Infinity,
  });
}

export const useHeads = () =>
  useQuery({ queryKey: ["audit", "heads"], queryFn: () => api.get<{ items: SignedHead[] }>("/audit/heads") });

export const useAuditSettings = () =>
  useQuery({
    queryKey: ["audit", "settings"],
    queryFn: () => api.get<{ settings: AuditSetting[]; changes: SettingChange[] }>("/audit/settings"),
  });
