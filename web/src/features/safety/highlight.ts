/** Where findings lie in a text, as pieces to be drawn one after the other. */
import type { Action, Finding } from "./records";

const STRICTNESS: Action[] = ["pass", "mask", "warn", "review", "block"];

export interface Piece {
  text: string;
  /** The strictest action of the findings here; null where there are none. */
  action: Action | null;
  /** Their places in the list, to point at them. */
  findings: number[];
}

/** The text in order, cut wherever a finding begins or ends. Positions count code points, as the server does. */
export function piecesOf(text: string, findings: readonly Pick<Finding, "start" | "end" | "action">[]): Piece[] {
  const letters = [...text];
  const cuts = new Set([0, letters.length]);
  for (const { start, end } of findings) {
    cuts.add(Math.min(Math.max(0, start), letters.length));
    cuts.add(Math.min(Math.max(0, end), letters.length));
  }
  const places = [...cuts].sort((one, other) => one - other);
  return places.slice(0, -1).map((from, index) => {
    const to = places[index + 1] ?? letters.length;
    const here = findings.flatMap(({ start, end }, place) => (start <= from && end >= to && end > start ? [place] : []));
    const actions = here.map((place) => STRICTNESS.indexOf(findings[place]?.action ?? "pass"));
    const action = here.length ? (STRICTNESS[Math.max(...actions)] ?? null) : null;
    return { text: letters.slice(from, to).join(""), action, findings: here };
  });
}
