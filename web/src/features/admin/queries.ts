/** What the administration reads from and tells the server. */
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, type Query } from "@/api/client";
import type { Collection } from "@/features/knowledge/records";
import type {
  Department, Grant, KeyRow, PersonForm, PersonRow, Post, ResourceRef, RoleInfo, SessionRow, SettingRow, Synonym,
} from "./records";

const ROOT = "admin";
export const LIST_LIMIT = 50;

type Items<T> = { items: T[]; next?: string | null; total?: number };

function useItems<T>(path: string, query: Query = {}, enabled = true) {
  return useQuery({
    queryKey: [ROOT, path, query],
    queryFn: ({ signal }) => api.get<Items<T>>(path, { query, signal }),
    placeholderData: keepPreviousData,
    enabled,
  });
}

export const usePeople = (query: Query) => useItems<PersonRow>("/people", { limit: LIST_LIMIT, ...query });
/** Everybody active who has a role, a page at a time. */
export const useHolders = (role: string) =>
  useInfiniteQuery({
    queryKey: [ROOT, "/people", "holders", role],
    queryFn: ({ pageParam, signal }) =>
      api.get<Items<PersonRow>>("/people", { query: { role, status: "active", limit: LIST_LIMIT, after: pageParam }, signal }),
    initialPageParam: "",
    getNextPageParam: ({ next }) => next,
  });
export const useDepartments = (enabled = true) => useItems<Department>("/departments", {}, enabled);
export const usePosts = (enabled = true) => useItems<Post>("/posts", {}, enabled);
export const useRoles = (enabled = true) => useItems<RoleInfo>("/roles", {}, enabled);
export const useKeys = () => useItems<KeyRow>("/keys");
export const useSessions = (query: Query) => useItems<SessionRow>("/sessions", query);
export const useSettings = () => useItems<SettingRow>("/settings");
export const useGlossary = () => useItems<Synonym>("/knowledge/glossary");

export const useGrants = ({ kind, id }: ResourceRef, enabled: boolean) =>
  useItems<Grant>("/grants", { resource_kind: kind, resource_id: id }, enabled);

/** Every shared collection by name; for content administrators. */
export const useAdministered = () =>
  useQuery({
    queryKey: [ROOT, "collections"],
    queryFn: () => api.get<{ collections: Collection[] }>("/knowledge/collections/administered"),
  });

/** A change, after which everything read of the administration (and of documents' rights) is read again. */
export function useAdminChange<Given, Result = unknown>(change: (given: Given) => Promise<Result>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => Promise.all([ROOT, "knowledge"].map((key) => client.invalidateQueries({ queryKey: [key] }))),
  });
}

/** What a new person's, or a reset, password looks like; it is shown once. */
export interface OneTime {
  person?: PersonRow;
  password?: string;
}

export const useSavePerson = (id: string | null) =>
  useAdminChange((form: Partial<PersonForm>) =>
    id ? api.patch<OneTime>(`/people/${id}`, form) : api.post<OneTime>("/people", form),
  );
