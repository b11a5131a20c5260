/** Uploads under way; they outlive the page that started them. */
import { useSyncExternalStore } from "react";
import { api, messageOf } from "@/api/client";
import { upload } from "@/api/upload";
import type { Outcome, UploadItem } from "./records";
import { complaintOf, groupsOf, sharesSent, type Complaint } from "./sending";

export type Phase = Complaint | "sending" | "reading" | "not_sent" | Outcome;

export interface UploadFile {
  key: number;
  collectionId: string;
  name: string;
  size: number;
  /** Kept until it is at the server, so that it can be sent again. */
  content: File | null;
  phase: Phase;
  /** How much of it is out, 0 to 1. */
  share: number;
  error: string;
  documentId: string | null;
}

const POLL_MS = 1_000;
const POLL_FAILURES_MAX = 30;
const COMPLAINTS: readonly Phase[] = ["empty", "too_large", "unsupported", "same_name"];
const FAILED: readonly Phase[] = [...COMPLAINTS, "not_sent", "failed"];
const UNDER_WAY: readonly Phase[] = ["waiting", "sending", "reading"];

export const hasFailed = (file: UploadFile) => FAILED.includes(file.phase);
export const isUnderWay = (file: UploadFile) => UNDER_WAY.includes(file.phase);

let files: readonly UploadFile[] = [];
let nextKey = 1;
const listeners = new Set<() => void>();
const finished = new Set<() => void>();

function publish(next: readonly UploadFile[]): void {
  files = next;
  for (const listen of listeners) listen();
}

function change(keys: ReadonlySet<number>, how: (file: UploadFile) => Partial<UploadFile>): void {
  publish(files.map((file) => (keys.has(file.key) ? { ...file, ...how(file) } : file)));
}

function subscribe(listen: () => void): () => void {
  listeners.add(listen);
  return () => listeners.delete(listen);
}

/** All files of this visit, oldest first. */
export function useUploads(): readonly UploadFile[] {
  return useSyncExternalStore(subscribe, () => files);
}

/** Called when a group of files has been read; the lists are out of date then. */
export function whenRead(listen: () => void): () => void {
  finished.add(listen);
  return () => finished.delete(listen);
}

/** Take files for a collection; those that cannot be read are listed with the reason and not sent. */
export function addFiles(collectionId: string, chosen: readonly File[]): void {
  const names = new Set(
    files.filter((file) => file.collectionId === collectionId && isUnderWay(file)).map((file) => file.name),
  );
  const added = chosen.map((content): UploadFile => {
    const complaint = complaintOf(content, names);
    names.add(content.name);
    const { name, size } = content;
    const phase = complaint ?? "waiting";
    return { key: nextKey++, collectionId, name, size, content, phase, share: 0, error: "", documentId: null };
  });
  publish([...files, ...added]);
  void sendAll(added.filter((file) => file.phase === "waiting"));
}

/** Send what did not reach the server, or failed there, once more. */
export function retry(keys: readonly number[]): void {
  const again = files.filter((file) => keys.includes(file.key) && file.content && !COMPLAINTS.includes(file.phase));
  change(new Set(again.map((file) => file.key)), () => ({ phase: "waiting", share: 0, error: "" }));
  void sendAll(again);
}

/** Forget what is over. */
export function forgetDone(collectionId: string): void {
  publish(files.filter((file) => file.collectionId !== collectionId || isUnderWay(file)));
}

async function sendAll(waiting: readonly UploadFile[]): Promise<void> {
  for (const group of groupsOf(waiting)) await sendGroup(group);
}

async function sendGroup(group: readonly UploadFile[]): Promise<void> {
  const keys = new Set(group.map((file) => file.key));
  const form = new FormData();
  form.append("collection_id", group[0]?.collectionId ?? "");
  for (const file of group) if (file.content) form.append("files", file.content, file.name);
  change(keys, () => ({ phase: "sending" }));
  try {
    const { batch_id } = await upload<{ batch_id: string }>("/knowledge/uploads", form, (loaded, total) => {
      const shares = sharesSent(group.map((file) => file.size), loaded, total);
      const byKey = new Map(group.map((file, index) => [file.key, shares[index] ?? 0]));
      change(keys, (file) => ({ share: byKey.get(file.key) ?? file.share }));
    });
    change(keys, () => ({ phase: "reading", share: 1 }));
    void follow(batch_id, group);
  } catch (error) {
    change(keys, () => ({ phase: "not_sent", error: messageOf(error) }));
  }
}

async function follow(batchId: string, group: readonly UploadFile[]): Promise<void> {
  const keyOf = new Map(group.map((file) => [file.name, file.key]));
  let failures = 0;
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    try {
      const { items } = await api.get<{ items: UploadItem[] }>(`/knowledge/uploads/${batchId}`);
      failures = 0;
      settle(keyOf, items);
      if (items.every((item) => item.outcome !== "waiting")) break;
    } catch (error) {
      failures += 1;
      if (failures < POLL_FAILURES_MAX) continue;
      change(new Set(keyOf.values()), (file) => (isUnderWay(file) ? { phase: "not_sent", error: messageOf(error) } : {}));
      break;
    }
  }
  for (const tell of finished) tell();
}

function settle(keyOf: ReadonlyMap<string, number>, items: readonly UploadItem[]): void {
  const settled = new Map<number, UploadItem>();
  for (const item of items) {
    const key = keyOf.get(item.file);
    if (key !== undefined && item.outcome !== "waiting") settled.set(key, item);
  }
  change(new Set(settled.keys()), (file) => {
    const item = settled.get(file.key);
    return item ? { phase: item.outcome, error: item.error, documentId: item.document_id } : {};
  });
}
