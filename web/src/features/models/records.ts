/** What the gateway tells of models, quotas, usage and cascades. Prices are decimal text per million tokens. */
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, type Query } from "@/api/client";

export const CAPABILITIES = ["chat", "reason", "embed", "rerank", "vision", "ocr", "asr", "tts", "classify"] as const;
export type Capability = (typeof CAPABILITIES)[number];

export interface Endpoint {
  id: string;
  url: string;
  upstream_model: string;
  state: "active" | "draining" | "off";
  in_flight_max: number;
  has_key: boolean;
  circuit: "closed" | "open" | "half_open";
  healthy: boolean | null;
  in_flight: number;
  calls: number;
  failed_calls: number;
  latency_ms: number;
}

export interface Model {
  id: string;
  name: string;
  kind: "openai" | "embedded" | "builtin";
  capabilities: Capability[];
  size_class: "tiny" | "small" | "medium" | "large";
  context_tokens: number;
  price_input: string;
  price_output: string;
  currency: string;
  data_level_max: number;
  customer_level_max: number;
  owner: string;
  stage: "trial" | "approved" | "retired";
  licence: string;
  source: string;
  timeout_seconds: number;
  fallbacks: string[];
  endpoints: Endpoint[];
}

export interface Matrix {
  services: { id: Capability; default: string | null }[];
  models: (Model & { cells: Partial<Record<Capability, "yes" | "default">> })[];
}

export interface Quota {
  holder_kind: "department" | "person" | "application";
  holder_id: string;
  tokens_per_day: number | null;
  requests_per_minute: number | null;
  streams_max: number | null;
  tokens_today: number;
  requests_this_minute: number;
  streams_now: number;
}

export type UsageBy = "model" | "subject" | "department" | "application" | "day";

export interface UsageRow {
  key: string;
  calls: number;
  input_tokens: number;
  output_tokens: number;
  cost: string;
  failed: number;
  blocked: number;
}

export interface Usage {
  by: UsageBy;
  from: string;
  to: string;
  items: UsageRow[];
  total: Omit<UsageRow, "key">;
}

export interface CascadePoint {
  threshold: number;
  accuracy: number;
  sent_on: number;
  cost_per_thousand: number | string;
  latency_ms_mean: number;
}

export interface Cascade {
  name: string;
  task: string;
  steps: string[];
  threshold: number;
  points: CascadePoint[];
  /** The case file that the curve was drawn from. */
  cases: string;
  chosen_at: string | null;
  chosen_by: string;
  note: string;
}

/** A sentence of a model that said something else than its clause; without words where the reader may not read it. */
export interface ModelCase {
  id: string;
  at: string;
  run_id: string;
  model: string;
  readable: boolean;
  sentence: string;
  faults: [kind: string, words: string][];
  clause_id: number;
  document: string;
  document_id: string;
  article: string;
  clause: string;
}

const ROOT = "models";

export const useMatrix = () =>
  useQuery({ queryKey: [ROOT, "matrix"], queryFn: () => api.get<Matrix>("/models/matrix"), refetchInterval: 15_000 });
export const useModels = () =>
  useQuery({ queryKey: [ROOT, "list"], queryFn: () => api.get<{ items: Model[] }>("/models") });
export const useQuotas = () =>
  useQuery({ queryKey: [ROOT, "quotas"], queryFn: () => api.get<{ items: Quota[] }>("/quotas") });
export const useCascades = () =>
  useQuery({ queryKey: [ROOT, "cascades"], queryFn: () => api.get<{ items: Cascade[] }>("/cascades") });
export const useCases = (model: string) =>
  useInfiniteQuery({
    queryKey: [ROOT, "cases", model],
    queryFn: ({ pageParam }) =>
      api.get<{ items: ModelCase[]; next: string | null }>("/models/cases", { query: { model, after: pageParam } }),
    initialPageParam: "",
    getNextPageParam: ({ next }) => next,
  });
export const useUsage = (query: Query) =>
  useQuery({
    queryKey: [ROOT, "usage", query],
    queryFn: () => api.get<Usage>("/usage", { query }),
    placeholderData: (before) => (before?.by === query.by ? before : undefined),
  });

/** A change, after which everything read of models is read again. */
export function useModelChange<Given, Result = unknown>(change: (given: Given) => Promise<Result>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: change, onSuccess: () => client.invalidateQueries({ queryKey: [ROOT] }) });
}
