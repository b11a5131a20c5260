/** What is half-written stays until the browser tab is closed. */

export interface Draft {
  text: string;
  /** YYYY-MM-DD, or "" for today. */
  asOf: string;
  collections: string[];
}

const EMPTY: Draft = { text: "", asOf: "", collections: [] };

export function readDraft(key: string): Draft {
  try {
    const stored = JSON.parse(sessionStorage.getItem(`yinshu.draft.${key}`) ?? "null") as Partial<Draft> | null;
    return { ...EMPTY, ...stored };
  } catch {
    return EMPTY;
  }
}

export function writeDraft(key: string, draft: Draft): void {
  sessionStorage.setItem(`yinshu.draft.${key}`, JSON.stringify(draft));
}
