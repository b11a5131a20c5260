/** What the knowledge pages read from and tell the server. */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "@/api/client";
import type { Collection, CollectionKind, DiffRow, DocumentCard, DocumentRow, Faq, FieldName, PageOf } from "./records";

const ROOT = "knowledge";

/** Every collection that this person may see. */
export function useCollections() {
  return useQuery({
    queryKey: [ROOT, "collections"],
    queryFn: () => api.get<{ collections: Collection[] }>("/knowledge/collections"),
    select: ({ collections }) => collections,
  });
}

export interface DocumentsAsked {
  collectionId: string;
  status?: string;
  q?: string;
  sort?: string;
  after?: string;
  limit: number;
}

/** One page of a collection's documents; the page before stays until the next is here. */
export function useDocuments({ collectionId, ...query }: DocumentsAsked) {
  return useQuery({
    queryKey: [ROOT, "documents", collectionId, query],
    queryFn: ({ signal }) =>
      api.get<PageOf<DocumentRow>>(`/knowledge/collections/${collectionId}/documents`, { query, signal }),
    placeholderData: keepPreviousData,
    enabled: collectionId !== "",
  });
}

/** A document's card, versions, links and questions; `version` shows one that is not the standing one. */
export function useDocument(id: string, version = "") {
  return useQuery({
    queryKey: [ROOT, "document", id, version],
    queryFn: () => api.get<DocumentCard>(`/knowledge/documents/${id}`, { query: { version } }),
  });
}

/** How a version differs from another one of its document (the one before it when `against` is empty). */
export function useDiff(versionId: string, against: string) {
  return useQuery({
    queryKey: [ROOT, "diff", versionId, against],
    queryFn: () => api.get<{ rows: DiffRow[] }>(`/knowledge/versions/${versionId}/diff`, { query: { against } }),
    staleTime: 60_000,
  });
}

export interface Impact {
  /** Who relies on it, and how often they asked lately for what changes. */
  posts: { kind: string; id: string; name: string; asked: number }[];
  faq: { id: string; question: string; article: string }[];
  answers: { run_id: string; question: string; article: string }[];
  answer_count: number;
  employees: { id: string; name: string }[];
}

/** What changes for whom when a version takes effect. */
export function useImpact(versionId: string) {
  return useQuery({
    queryKey: [ROOT, "impact", versionId],
    queryFn: () => api.get<Impact>(`/knowledge/versions/${versionId}/impact`),
    staleTime: 60_000,
  });
}

/** A change, after which everything read of the library is read again. */
export function useChange<Given, Result = unknown>(change: (given: Given) => Promise<Result>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () =>
      Promise.all([ROOT, "home"].map((key) => client.invalidateQueries({ queryKey: [key] }))),
  });
}

export interface CollectionForm {
  name: string;
  kind: CollectionKind;
  department_id?: string | null;
  owner_id?: string | null;
}

export const useCreateCollection = () =>
  useChange((form: CollectionForm) => api.post<Collection>("/knowledge/collections", form));

export const useChangeCollection = (id: string) =>
  useChange((form: Partial<CollectionForm>) => api.patch<Collection>(`/knowledge/collections/${id}`, form));

/** What was changed at once, and what waits for a second person. */
export interface Corrected {
  done: string[];
  waiting: string[];
}

export const useCorrectCard = (versionId: string) =>
  useChange((given: { fields?: Partial<Record<FieldName, string>>; confirm?: FieldName[] }) =>
    api.patch<Corrected>(`/knowledge/versions/${versionId}/card`, given),
  );

export type Step = "submit" | "withdraw" | "approve" | "return" | "publish" | "archive";

export const useStep = () =>
  useChange(({ versionId, step, ...given }: { versionId: string; step: Step; comment: string; mistaken?: boolean }) =>
    api.post<unknown>(`/knowledge/versions/${versionId}/${step}`, given),
  );

export const useLinkDecision = () =>
  useChange(({ id, keep }: { id: string; keep: boolean }) =>
    keep ? api.post<Corrected>(`/knowledge/links/${id}/confirm`) : api.remove<Corrected>(`/knowledge/links/${id}/confirm`),
  );

/** Questions that people answered, of one collection or all. */
export function useFaqs(query: { collection_id?: string; q?: string }) {
  return useQuery({
    queryKey: [ROOT, "faq", query],
    queryFn: () => api.get<{ items: Faq[] }>("/knowledge/faq", { query }),
    placeholderData: keepPreviousData,
  });
}
