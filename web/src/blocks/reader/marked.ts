/** Finds quoted words in a clause, however the spaces and lines run. */

export interface Piece {
  text: string;
  marked: boolean;
}

const QUOTE_CHARS_MIN = 4;

/** Positions of the letters that are not white space. */
function letters(text: string): { kept: string; at: number[] } {
  const at: number[] = [];
  let kept = "";
  for (let i = 0; i < text.length; i += 1) {
    const letter = text.charAt(i);
    if (/\s/.test(letter)) continue;
    kept += letter;
    at.push(i);
  }
  return { kept, at };
}

/** The text in pieces, those of the quote marked. Nothing is marked when the quote is not found. */
export function markQuote(text: string, quote: string | undefined): Piece[] {
  const whole = [{ text, marked: false }];
  if (!quote) return whole;
  const { kept, at } = letters(text);
  const ranges: [number, number][] = [];
  for (const part of quote.split(/…+|\n/)) {
    const wanted = letters(part).kept;
    if (wanted.length < QUOTE_CHARS_MIN) continue;
    const start = kept.indexOf(wanted);
    if (start < 0) continue;
    ranges.push([at[start] ?? 0, (at[start + wanted.length - 1] ?? text.length - 1) + 1]);
  }
  if (!ranges.length) return whole;
  ranges.sort((a, b) => a[0] - b[0]);
  const pieces: Piece[] = [];
  let here = 0;
  for (const [start, end] of ranges) {
    if (start < here) continue;
    if (start > here) pieces.push({ text: text.slice(here, start), marked: false });
    pieces.push({ text: text.slice(start, end), marked: true });
    here = end;
  }
  if (here < text.length) pieces.push({ text: text.slice(here), marked: false });
  return pieces;
}
