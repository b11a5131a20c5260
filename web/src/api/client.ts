/** One way to speak with the server: JSON, the CSRF header, and failures with a Chinese message and an id to report. */
import { failureWords } from "./failures";
import { useClientWords } from "./words";

export type QueryValue = string | number | boolean | null | undefined;
export type Query = Record<string, QueryValue>;

export interface CallOptions {
  query?: Query;
  signal?: AbortSignal;
}

interface SendOptions extends CallOptions {
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  body?: unknown;
}

/** What the server refused or could not do. `code` is `offline` when it did not answer at all. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly requestId: string,
  ) {
    super(failureWords(code, message));
    this.name = "ApiError";
  }

  get isOffline(): boolean {
    return this.code === "offline";
  }

  get isHidden(): boolean {
    return this.status === 403 || this.status === 404;
  }
}

let csrfToken = "";
let onSignedOut: () => void = () => undefined;

/** The token of the current session; GET /api/session gives it. */
export function setCsrfToken(token: string): void {
  csrfToken = token;
}

/** The token, for the one door that does not go through `send` (uploads with progress). */
export function currentCsrfToken(): string {
  return csrfToken;
}

/** Called whenever the server says that nobody is signed in. */
export function whenSignedOut(listener: () => void): void {
  onSignedOut = listener;
}

/** `/api/...` with its query; empty values are left out. */
export function urlOf(path: string, query: Query = {}): string {
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== "");
  const text = new URLSearchParams(pairs.map(([name, value]) => [name, String(value)])).toString();
  return `/api${path}${text ? `?${text}` : ""}`;
}

async function failureOf(response: Response): Promise<ApiError> {
  const requestId = response.headers.get("x-request-id") ?? "";
  const body = (await response.json().catch(() => null)) as { code?: string; message?: string } | null;
  const error = new ApiError(response.status, body?.code ?? "broken", body?.message ?? useClientWords.now("broken"), requestId);
  if (response.status === 401) onSignedOut();
  return error;
}

/** The raw response, already known to be a success. Raises ApiError. */
export async function send(path: string, options: SendOptions = {}): Promise<Response> {
  const { method = "GET", body, query, signal } = options;
  const headers = new Headers();
  if (method !== "GET" && csrfToken) headers.set("X-CSRF-Token", csrfToken);
  const isForm = body instanceof FormData;
  if (body !== undefined && !isForm) headers.set("Content-Type", "application/json");
  let response: Response;
  try {
    response = await fetch(urlOf(path, query), {
      method,
      headers,
      body: body === undefined ? undefined : isForm ? body : JSON.stringify(body),
      credentials: "same-origin",
      signal,
    });
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw new ApiError(0, "offline", useClientWords.now("offline"), "");
  }
  if (!response.ok) throw await failureOf(response);
  return response;
}

async function json<T>(path: string, options: SendOptions): Promise<T> {
  const response = await send(path, options);
  if (response.status === 204) return undefined as T;
  const text = await response.text();
  if (!text) return undefined as T;
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new ApiError(response.status, "broken", useClientWords.now("broken"), response.headers.get("x-request-id") ?? "");
  }
}

export const api = {
  get: <T>(path: string, options: CallOptions = {}) => json<T>(path, options),
  post: <T>(path: string, body?: unknown, options: CallOptions = {}) => json<T>(path, { ...options, method: "POST", body }),
  put: <T>(path: string, body?: unknown, options: CallOptions = {}) => json<T>(path, { ...options, method: "PUT", body }),
  patch: <T>(path: string, body?: unknown, options: CallOptions = {}) =>
    json<T>(path, { ...options, method: "PATCH", body }),
  remove: <T>(path: string, body?: unknown, options: CallOptions = {}) =>
    json<T>(path, { ...options, method: "DELETE", body }),
};

/** The words to show for any failure. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
