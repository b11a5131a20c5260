/** Cuts a text at marked ranges, so that what differs can be drawn differently. */
import type { Spans } from "./records";

export interface Segment {
  text: string;
  marked: boolean;
}

/** The text in order; ranges that overlap, touch or leave the text are mended rather than trusted. */
export function segmentsOf(text: string, spans: Spans): Segment[] {
  const sorted = spans
    .map(([start, end]): [number, number] => [Math.max(0, start), Math.min(text.length, end)])
    .filter(([start, end]) => end > start)
    .sort((one, other) => one[0] - other[0]);
  const segments: Segment[] = [];
  let position = 0;
  for (const [start, end] of sorted) {
    const from = Math.max(start, position);
    if (end <= from) continue;
    if (from > position) segments.push({ text: text.slice(position, from), marked: false });
    const last = segments.at(-1);
    if (last?.marked && from === position) last.text += text.slice(from, end);
    else segments.push({ text: text.slice(from, end), marked: true });
    position = end;
  }
  if (position < text.length) segments.push({ text: text.slice(position), marked: false });
  return segments;
}

/** Where `quote` stands in `text`, blank space apart, as one range; empty when it does not. */
export function spansOfQuote(text: string, quote: string): Spans {
  const bare = quote.replace(/\s/g, "");
  if (!bare) return [];
  const kept = [...text].map((letter, index) => ({ letter, index })).filter(({ letter }) => !/\s/.test(letter));
  const start = kept.map(({ letter }) => letter).join("").indexOf(bare);
  const first = kept[start];
  const last = kept[start + [...bare].length - 1];
  return start >= 0 && first && last ? [[first.index, last.index + 1]] : [];
}
