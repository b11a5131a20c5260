/** Who is signed in, what they may open, and how one signs in and out. */
import { useMutation, useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { api, setCsrfToken } from "./client";

export type PageId =
  | "home" | "chat" | "knowledge" | "review" | "gaps" | "models" | "safety" | "audit" | "admin" | "about";

export interface Named {
  id: string;
  name: string;
}

export interface Person extends Named {
  login: string;
  department: (Named & { path: string }) | null;
  posts: Named[];
  roles: string[];
  clearance: string | number;
  must_change_password: boolean;
  /** Where the person comes from: local, or a directory that keeps the password. */
  source?: string;
}

export interface SignInWays {
  password: boolean;
  ldap: boolean;
  oidc: Named[];
}

export interface Session {
  person: Person | null;
  csrf_token?: string;
  pages?: PageId[];
  version: string;
  sign_in: SignInWays;
  /** Why the single sign-on that was just tried failed; "" otherwise. */
  refused?: string;
}

const KEY = ["session"];

const LAST_PERSON = "yinshu.person";
const WRITINGS = ["yinshu.draft.", "yinshu.comment."];

/** Half-written questions and comments wait for the one who wrote them; the next person must not find them. */
function forgetWritingsOfOthers(person: Person | null): void {
  if (!person) return;
  const last = localStorage.getItem(LAST_PERSON);
  if (last === person.id) return;
  for (const held of last ? [sessionStorage, localStorage] : []) {
    const names = Object.keys(held).filter((name) => WRITINGS.some((start) => name.startsWith(start)));
    for (const name of names) held.removeItem(name);
  }
  localStorage.setItem(LAST_PERSON, person.id);
}

/** Take a session over; when it is another person's, or nobody's, what the one before had read is forgotten. */
function kept(client: QueryClient, session: Session): Session {
  setCsrfToken(session.csrf_token ?? "");
  forgetWritingsOfOthers(session.person);
  const before = client.getQueryData<Session>(KEY);
  if (before && before.person?.id !== session.person?.id) {
    // Not clear(): the session's own query is being watched, and has to live on.
    client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== KEY[0] });
  }
  return session;
}

/** The session of this browser; `person` is null when nobody is signed in. */
export function useSession() {
  return useQuery({
    queryKey: KEY,
    queryFn: async ({ client }) => kept(client, await api.get<Session>("/session")),
    staleTime: 60_000,
  });
}

/** The person signed in; only below the shell, where somebody is. */
export function usePerson(): Person {
  const person = useSession().data?.person;
  if (!person) throw new Error("nobody is signed in");
  return person;
}

/** Sign in by password or directory. */
export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (given: { login: string; password: string; method: "password" | "ldap" }) =>
      api.post<Session>("/session", given),
    onSuccess: (session) => client.setQueryData(KEY, kept(client, session)),
  });
}

/** Change the own password; needed once after the first sign-in. */
export function useChangePassword() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (given: { old: string; new: string }) => api.post<unknown>("/session/password", given),
    onSuccess: () => client.invalidateQueries({ queryKey: KEY }),
  });
}

/** Sign out, and begin the page anew: nothing that was read stays in its memory. */
export function useSignOut() {
  return useMutation({
    mutationFn: () => api.remove<unknown>("/session"),
    onSuccess: () => window.location.replace("/"),
  });
}

/** Ask the server again who is signed in. */
export const SESSION_KEY = KEY;
