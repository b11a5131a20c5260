/** Keys of a conversation: a digit opens that source of the newest answer, Escape closes it, / goes on asking. */
import { useRef } from "react";
import type { Citation, Turn } from "@/api/answers";
import { useKeys } from "@/blocks/keys";

const DIGITS = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];

interface Places {
  turns: Turn[];
  open: (turn: Turn, source: Citation) => void;
  close: () => void;
}

/** Gives the element to hang on what holds the question box. */
export function useThreadKeys({ turns, open, close }: Places) {
  const box = useRef<HTMLDivElement>(null);
  const openNumber = (n: number) => {
    const turn = turns.findLast(({ answer }) => answer);
    const source = turn?.answer?.citations.find((one) => one.n === n && one.may_open !== false);
    if (turn && source) open(turn, source);
  };
  const byDigit = Object.fromEntries(DIGITS.map((digit) => [digit, () => openNumber(Number(digit))]));
  useKeys({ ...byDigit, Escape: close, "/": () => box.current?.querySelector("textarea")?.focus() });
  return box;
}
