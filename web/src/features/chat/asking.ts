/** Questions on their way. They live outside of the pages, so that leaving one does not stop an answer. */
import type { QueryClient } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import type { EvidenceHit, Sentence, Turn } from "@/api/answers";
import { ApiError } from "@/api/client";
import { stream } from "@/api/stream";
import { useClientWords } from "@/api/words";
import { attach, conversationKey, type OpenConversation } from "./api";

export interface Ask {
  question: string;
  collection_ids?: string[];
  as_of?: string;
  attachment_ids?: string[];
  as_written?: boolean;
  retry_turn_id?: string;
}

export interface Pending {
  ask: Ask;
  /** How many files are read, while they are. */
  upload: { done: number; total: number } | null;
  turnId: string | null;
  understoodAs: string | null;
  asOf: string | null;
  hits: EvidenceHit[] | null;
  sentences: Sentence[];
  error: ApiError | null;
  stop: () => void;
}

interface Understood {
  turn_id: string;
  understood_as: string;
  follow_up: boolean;
  as_of: string;
}

const TITLE_CHARS = 40;
const pending = new Map<string, Pending>();
const listeners = new Set<() => void>();

function update(conversationId: string, change: Partial<Pending> | null): void {
  const now = pending.get(conversationId);
  if (change === null) pending.delete(conversationId);
  else if (now) pending.set(conversationId, { ...now, ...change });
  for (const listen of listeners) listen();
}

function subscribe(listen: () => void): () => void {
  listeners.add(listen);
  return () => listeners.delete(listen);
}

/** The question of a conversation that is being answered. */
export function usePending(conversationId: string): Pending | undefined {
  return useSyncExternalStore(subscribe, () => pending.get(conversationId));
}

/** The conversations with a question on its way, or one that failed. */
export function usePendingIds(): string[] {
  return useSyncExternalStore(subscribe, () => [...pending.keys()].join(" "))
    .split(" ")
    .filter(Boolean);
}

/** Take away the notice of a failure. */
export function forgetFailure(conversationId: string): void {
  if (pending.get(conversationId)?.error) update(conversationId, null);
}

/** The server counts a question from when it is begun, not from when it is answered. */
function relist(client: QueryClient): Promise<void> {
  return client.invalidateQueries({ queryKey: ["conversations"] });
}

function keep(client: QueryClient, conversationId: string, turn: Turn): void {
  client.setQueryData<OpenConversation>(conversationKey(conversationId), (now) =>
    now
      ? {
          ...now,
          title: now.turn_count ? now.title : turn.question.slice(0, TITLE_CHARS),
          turns: [...now.turns.filter((other) => other.id !== turn.id), turn],
          turn_count: now.turn_count + 1,
        }
      : now,
  );
  void relist(client);
  void client.invalidateQueries({ queryKey: ["home"] });
}

/** What an event changes; the last one is kept as a turn. */
function apply(client: QueryClient, conversationId: string, event: string, data: unknown): void {
  if (event === "question") {
    const said = data as Understood;
    update(conversationId, {
      turnId: said.turn_id,
      understoodAs: said.follow_up ? said.understood_as : null,
      asOf: said.as_of,
    });
    void relist(client);
  } else if (event === "evidence") {
    update(conversationId, { hits: (data as { hits: EvidenceHit[] }).hits });
  } else if (event === "sentence") {
    const before = pending.get(conversationId)?.sentences ?? [];
    update(conversationId, { sentences: [...before, data as Sentence] });
  } else if (event === "answer") {
    keep(client, conversationId, (data as { turn: Turn }).turn);
    update(conversationId, null);
  }
}

/** Sends the files one after the other; their ids. */
async function attachAll(conversationId: string, files: File[]): Promise<string[]> {
  const ids: string[] = [];
  for (const file of files) {
    update(conversationId, { upload: { done: ids.length, total: files.length } });
    ids.push((await attach(conversationId, file)).id);
  }
  update(conversationId, { upload: null });
  return ids;
}

/** Ask; the answer comes into the conversation that is kept by the client. One question at a time. */
export async function ask(
  client: QueryClient,
  conversationId: string,
  question: Ask,
  files: File[] = [],
): Promise<void> {
  if (pending.get(conversationId)?.error === null) return;
  const abort = new AbortController();
  const begun: Pending = {
    ask: question,
    upload: null,
    turnId: null,
    understoodAs: null,
    asOf: null,
    hits: null,
    sentences: [],
    error: null,
    stop: () => abort.abort(),
  };
  pending.set(conversationId, begun);
  update(conversationId, {});
  const key = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;
  try {
    const attached = await attachAll(conversationId, files);
    const body = { ...question, key, attachment_ids: [...(question.attachment_ids ?? []), ...attached] };
    update(conversationId, { ask: { ...question, attachment_ids: body.attachment_ids } });
    for await (const { event, data } of stream(`/conversations/${conversationId}/turns`, body, abort.signal)) {
      apply(client, conversationId, event, data);
    }
    if (pending.has(conversationId)) throw new ApiError(0, "offline", useClientWords.now("cut"), "");
  } catch (cause) {
    if (abort.signal.aborted) {
      update(conversationId, null);
      await Promise.all([client.invalidateQueries({ queryKey: conversationKey(conversationId) }), relist(client)]);
      return;
    }
    const error = cause instanceof ApiError ? cause : new ApiError(0, "broken", String(cause), "");
    update(conversationId, { error });
    void relist(client);
  }
}
