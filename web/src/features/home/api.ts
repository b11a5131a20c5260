/** What waits for the person, what changed, and what was used last. */
import { useQuery } from "@tanstack/react-query";
import { api } from "@/api/client";

export interface Waiting {
  document_id: string;
  version_id: string;
  title: string;
  number?: string;
  by?: { id: string; name: string } | null;
  at?: string;
  review_on?: string;
}

export interface Changed {
  document_id: string;
  version_id: string;
  title: string;
  number?: string;
  change?: "new" | "superseded" | "repealed" | "amended";
  on: string | null;
  concerns?: string;
}

export interface Home {
  to_review: Waiting[];
  to_confirm: Waiting[];
  overdue: Waiting[];
  changed: Changed[];
  recent: { id: string; title: string; turns: number; updated_at: string }[];
}

export function useHome() {
  return useQuery({ queryKey: ["home"], queryFn: () => api.get<Partial<Home>>("/home") });
}
