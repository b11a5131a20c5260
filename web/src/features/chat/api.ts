/** Conversations on the server. */
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "@/api/client";
import type { Turn, Verdict } from "@/api/answers";

export interface Conversation {
  id: string;
  title: string;
  owner: string;
  mine: boolean;
  turns: number;
  shares: number;
  created_at: string;
  updated_at: string;
}

export interface Attachment {
  id: string;
  name: string;
  media_type: string;
  size_bytes: number;
  clauses: number;
  warnings: string[];
  added_at: string;
}

export interface OpenConversation extends Omit<Conversation, "turns"> {
  turns: Turn[];
  turn_count: number;
  /** Whether there are earlier turns than these. */
  earlier: boolean;
  attachments: Attachment[];
  may: string[];
}

interface Listing {
  items: Conversation[];
  next: string | null;
}

export interface CollectionRow {
  id: string;
  name: string;
  kind?: string;
  documents: number;
}

const listKey = (shared: boolean) => ["conversations", shared ? "shared" : "mine"];
export const conversationKey = (id: string) => ["conversation", id];

/** The person's conversations, or those that others share with them; pages of thirty. */
export function useConversations(shared: boolean) {
  return useInfiniteQuery({
    queryKey: listKey(shared),
    queryFn: ({ pageParam }) =>
      api.get<Listing>("/conversations", { query: { shared, after: pageParam, limit: 30 } }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });
}

export function useConversation(id: string) {
  return useQuery({
    queryKey: conversationKey(id),
    queryFn: () => api.get<OpenConversation>(`/conversations/${id}`),
    staleTime: Infinity,
  });
}

/** Turns before an ordinal, put in front of those that are shown. */
export function useEarlier(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (before: number) => api.get<OpenConversation>(`/conversations/${id}`, { query: { before } }),
    onSuccess: (older) =>
      client.setQueryData<OpenConversation>(conversationKey(id), (now) =>
        now ? { ...now, turns: [...older.turns, ...now.turns], earlier: older.earlier } : now,
      ),
  });
}

export const createConversation = () => api.post<Conversation>("/conversations", {});

export function useRename() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, title }: { id: string; title: string }) =>
      api.patch<Conversation>(`/conversations/${id}`, { title }),
    onSuccess: async (_, { id, title }) => {
      client.setQueryData<OpenConversation>(conversationKey(id), (now) => (now ? { ...now, title } : now));
      await client.invalidateQueries({ queryKey: ["conversations"] });
    },
  });
}

export const deleteConversation = (id: string) => api.remove<undefined>(`/conversations/${id}`);

const HIDDEN = ["conversations-hidden"];

/** Ids that are shown as deleted while they can still be brought back; a reload of the list does not show them again. */
export function useHidden() {
  const client = useQueryClient();
  const hidden = useQuery<string[]>({ queryKey: HIDDEN, queryFn: () => [], enabled: false, initialData: [] }).data;
  const hide = (id: string) => {
    client.setQueryData<string[]>(HIDDEN, (ids = []) => [...ids, id]);
    return () => {
      client.setQueryData<string[]>(HIDDEN, (ids = []) => ids.filter((one) => one !== id));
    };
  };
  return { hidden, hide };
}

/** Collections that may be asked. */
export function useCollections() {
  return useQuery({
    queryKey: ["askable-collections"],
    queryFn: async () => {
      const { items, collections } = await api.get<{ items?: CollectionRow[]; collections?: CollectionRow[] }>(
        "/knowledge/collections",
      );
      return (items ?? collections ?? []).filter((row) => row.documents > 0);
    },
    staleTime: 60_000,
  });
}

export function useFeedback(conversationId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (given: { run_id: string; verdict: Verdict; comment: string }) =>
      api.post<unknown>("/knowledge/feedback", given),
    onSuccess: (_, { run_id, verdict }) =>
      client.setQueryData<OpenConversation>(conversationKey(conversationId), (now) =>
        now
          ? {
              ...now,
              turns: now.turns.map((turn) => (turn.answer?.run_id === run_id ? { ...turn, feedback: verdict } : turn)),
            }
          : now,
      ),
  });
}

export function attach(conversationId: string, file: File) {
  const form = new FormData();
  form.append("file", file);
  return api.post<Attachment>(`/conversations/${conversationId}/attachments`, form);
}
