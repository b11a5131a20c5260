import { expect, test } from "vitest";
import type { Citation, Turn } from "@/api/answers";
import { openOf } from "./opened";

const source = (n: number, clause_id: number): Citation => ({
  n, clause_id, document: "办法", file: "a.docx", document_id: "doc_1", version: "ver_1", article: "第八条",
  page: 3, bbox: [0, 0, 1, 1], quote: "原文", effective_from: null, effective_to: null, in_force: true,
});
const turn = { id: "t1", answer: { citations: [source(1, 97)], nearest: [source(1, 55)] } } as unknown as Turn;
const asked = (query: string) => new URLSearchParams(query);

test("evidence opens before there is an answer, from the address alone", () => {
  const { shown, n } = openOf(asked("turn=t9&clause=97&document=doc_1&version=ver_1&page=3"), []);
  expect(shown).toEqual({ documentId: "doc_1", versionId: "ver_1", place: { clauseId: 97, page: 3, box: null, quote: "" } });
  expect(n).toBeUndefined();
});

test("when the answer came, the open clause is the source that the answer took", () => {
  const { shown, n } = openOf(asked("turn=t1&clause=97&document=doc_1&version=ver_1"), [turn]);
  expect(n).toBe(1);
  expect(shown?.place.quote).toBe("原文");
  expect(openOf(asked("turn=t1&clause=12&document=doc_2&version=ver_2"), [turn]).shown?.documentId).toBe("doc_2");
});

test("sources and nearest clauses open by number, and nothing opens without a place", () => {
  expect(openOf(asked("turn=t1&source=1"), [turn]).shown?.place.clauseId).toBe(97);
  expect(openOf(asked("turn=t1&source=1&near=1"), [turn]).shown?.place.clauseId).toBe(55);
  expect(openOf(asked("turn=t1&source=9"), [turn]).shown).toBeUndefined();
  expect(openOf(asked(""), [turn]).shown).toBeUndefined();
});
