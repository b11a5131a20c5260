/** What the search at the top finds: on the server, and among the portal's own pages. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api } from "@/api/client";

interface Found {
  documents?: { document_id: string; title: string; number?: string }[];
  clauses?: { document_id: string; version_id: string; clause_id: number; document: string; article: string; text: string }[];
  people?: { id: string; name: string; department?: { name: string } | null; posts?: { name: string }[] }[];
  conversations?: { id: string; title: string }[];
}

export type Group = "pages" | "documents" | "clauses" | "people" | "conversations" | "ask";

export interface Row {
  group: Group;
  key: string;
  title: string;
  note?: string;
  /** Where it leads; missing for people, who have no page. */
  to?: string;
}

const WAIT_MS = 180;
const NOTE_CHARS = 60;

/** The value once it has not changed for a moment. */
function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), WAIT_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

function rowsOf(found: Found): Row[] {
  return [
    ...(found.documents ?? []).map((one) => ({
      group: "documents" as const,
      key: one.document_id,
      title: one.title,
      note: one.number,
      to: `/knowledge/documents/${one.document_id}`,
    })),
    ...(found.clauses ?? []).map((one) => ({
      group: "clauses" as const,
      key: String(one.clause_id),
      title: `${one.document} ${one.article}`,
      note: one.text.slice(0, NOTE_CHARS),
      to: `/knowledge/documents/${one.document_id}?tab=text&version=${one.version_id}&clause=${one.clause_id}`,
    })),
    ...(found.people ?? []).map((one) => ({
      group: "people" as const,
      key: one.id,
      title: one.name,
      note: [one.department?.name, ...(one.posts ?? []).map((post) => post.name)].filter(Boolean).join(" · "),
    })),
    ...(found.conversations ?? []).map((one) => ({
      group: "conversations" as const,
      key: one.id,
      title: one.title,
      to: `/chat/${one.id}`,
    })),
  ];
}

/** What the server finds for some words. */
export function useFound(words: string) {
  const q = useSettled(words.trim());
  const found = useQuery({
    queryKey: ["find", q],
    queryFn: async ({ signal }) => rowsOf(await api.get<Found>("/find", { query: { q }, signal })),
    enabled: q.length > 0,
    placeholderData: (before) => before,
  });
  return { rows: q ? (found.data ?? []) : [], settled: q === words.trim() && !found.isFetching, error: found.error };
}
