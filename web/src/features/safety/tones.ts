/** The colours of actions and of versions. */
import type { Tone } from "@/blocks/Mark";
import type { Action, VersionStatus } from "./records";

export const ACTION_TONES: Record<Action, Tone> = { pass: "verified", mask: "ink", warn: "needs", review: "needs", block: "danger" };
export const STATUS_TONES: Record<VersionStatus, Tone> = {
  draft: "plain", submitted: "needs", in_force: "ink", refused: "danger", retired: "plain", shipped: "ink",
};
