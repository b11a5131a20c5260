/** What the server tells administrators of people, departments, posts, rights, keys and sessions. */
import type { Named } from "@/api/session";

export type Role = "operator" | "people_admin" | "content_admin" | "safety_admin" | "audit_admin";
export type Clearance = "public" | "internal" | "confidential" | "secret";
export const CLEARANCES: Clearance[] = ["public", "internal", "confidential", "secret"];

export interface PersonRow extends Named {
  login: string;
  email: string;
  department: (Named & { path: string }) | null;
  posts: Named[];
  roles: Role[];
  clearance: Clearance;
  status: "active" | "disabled";
  source: string;
  created_at: string | null;
  disabled_at: string | null;
}

export interface PersonForm {
  login: string;
  name: string;
  email: string;
  department_id: string | null;
  post_ids: string[];
  roles: Role[];
  clearance: Clearance;
}

export interface Department extends Named {
  /** From the top, with slashes. */
  path: string;
  parent_id: string | null;
  people: number;
  children: Department[];
}

export interface Post extends Named {
  description: string;
  people: number;
}

export interface RoleInfo {
  id: Role;
  name: string;
  description: string;
}

export type HolderKind = "department" | "post" | "role" | "person";
export type GrantAction = "read" | "ask" | "ingest" | "publish" | "manage";
export const GRANT_ACTIONS: GrantAction[] = ["read", "ask", "ingest", "publish", "manage"];

export interface Holder extends Named {
  kind: HolderKind;
}

export interface Grant {
  id: string;
  holder: Holder;
  action: GrantAction;
  effect: "allow" | "deny";
}

export interface ResourceRef extends Named {
  kind: "collection" | "document";
}

export interface KeyRow {
  id: string;
  name: string;
  opening: string;
  person: Named | null;
  scopes: string[];
  created_at: string | null;
  expires_at: string | null;
  used_at: string | null;
}

export interface SessionRow {
  id: string;
  person: Named | null;
  method: string;
  address: string;
  agent: string;
  created_at: string | null;
  seen_at: string | null;
  current?: boolean;
}

export interface Synonym {
  term: string;
  standard: string;
  source: "starter" | "bank" | "document";
}

export interface SettingRow {
  name: string;
  value: string | number | boolean | null;
  source: string;
  help: string;
}
