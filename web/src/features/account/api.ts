/** One's own sessions and keys. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "@/api/client";

export interface OwnSession {
  id: string;
  method: string;
  address: string;
  agent: string;
  created_at: string;
  seen_at: string | null;
  current: boolean;
}

export interface OwnKey {
  id: string;
  name: string;
  opening: string;
  created_at: string;
  expires_at: string | null;
  used_at: string | null;
}

const SESSIONS = ["me", "sessions"];
const KEYS = ["me", "keys"];

export const useSessions = () =>
  useQuery({ queryKey: SESSIONS, queryFn: () => api.get<{ items: OwnSession[] }>("/me/sessions") });

export const useKeys = () => useQuery({ queryKey: KEYS, queryFn: () => api.get<{ items: OwnKey[] }>("/me/keys") });

function useChange<G, R>(key: string[], act: (given: G) => Promise<R>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: act, onSuccess: () => client.invalidateQueries({ queryKey: key }) });
}

export const useEndSession = () => useChange(SESSIONS, (id: string) => api.remove<unknown>(`/me/sessions/${id}`));

export const useMakeKey = () =>
  useChange(KEYS, (given: { name: string; days: number }) =>
    api.post<OwnKey & { key: string }>("/me/keys", { ...given, scopes: ["read", "ask"] }),
  );

export const useWithdrawKey = () => useChange(KEYS, (id: string) => api.remove<unknown>(`/me/keys/${id}`));
