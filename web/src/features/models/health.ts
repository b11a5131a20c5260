/** How endpoints and models do, in one word. */
import type { Tone } from "@/blocks/Mark";
import type { Endpoint, Model } from "./records";

export type Health = "healthy" | "unhealthy" | "unknown" | "draining" | "off" | "open";
export const TONES: Record<Health, Tone> = { healthy: "ink", unhealthy: "danger", unknown: "plain", draining: "needs", off: "plain", open: "danger" };

/** How an endpoint does, in one word; the worst news first. */
export function healthOf({ state, circuit, healthy }: Endpoint): Health {
  if (state !== "active") return state;
  if (circuit === "open") return "open";
  return healthy === null ? "unknown" : healthy ? "healthy" : "unhealthy";
}

/** Approved models first, then those on trial, then the retired; by name within. */
export function inOrder<One extends Pick<Model, "stage" | "name">>(models: readonly One[]): One[] {
  const rank = { approved: 0, trial: 1, retired: 2 };
  return [...models].sort((one, other) => rank[one.stage] - rank[other.stage] || one.name.localeCompare(other.name));
}
