/** Which pages exist: a folder in features with an index.tsx is a page; the server says who may open it. */
import { lazy, type ComponentType } from "react";
import type { PageId } from "@/api/session";

type Module = { default: ComponentType };
const found = import.meta.glob<Module>("../features/*/index.tsx");

/** In the order of the rail. */
const ORDER: PageId[] = ["home", "chat", "knowledge", "review", "gaps", "models", "safety", "audit", "admin", "about"];
const PATHS: Partial<Record<PageId, string>> = { home: "/" };

export interface PortalPage {
  id: PageId;
  /** Where it begins; what follows belongs to the page. */
  path: string;
  Content: ComponentType;
}

const EXISTING: PortalPage[] = ORDER.flatMap((id) => {
  const load = found[`../features/${id}/index.tsx`];
  return load ? [{ id, path: PATHS[id] ?? `/${id}`, Content: lazy(load) }] : [];
});

/** The pages that exist and that this person may open; about is open to all. */
export function pagesFor(allowed: readonly PageId[]): PortalPage[] {
  return EXISTING.filter((page) => page.id === "about" || allowed.includes(page.id));
}
