/** A half-written comment is kept in the browser until it is sent. */
import { useState } from "react";

const PREFIX = "yinshu.comment.";

/** The comment for one thing, and how to change it; empty text is forgotten. */
export function useDraft(id: string): [string, (text: string) => void] {
  const key = PREFIX + id;
  const [text, setText] = useState(() => localStorage.getItem(key) ?? "");
  const change = (next: string) => {
    if (next) localStorage.setItem(key, next);
    else localStorage.removeItem(key);
    setText(next);
  };
  return [text, change];
}
