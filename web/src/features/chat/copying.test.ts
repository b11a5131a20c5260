import { describe, expect, it } from "vitest";
import type { Turn } from "@/api/answers";
import { textOf } from "./copying";

const t = (key: string, values?: Record<string, string | number>) => `${key}${values ? JSON.stringify(values) : ""}`;

describe("the copied answer", () => {
  it("carries its sources, its day and its label", () => {
    const turn = {
      understood_as: "能取现金吗",
      as_of: "2026-11-22",
      answer: {
        status: "answered",
        sentences: [{ text: "不得取现。", citations: [1], verified: true }],
        citations: [{ n: 1, document: "办法", article: "第四条", effective_from: "2023-05-01", page: 2 }],
      },
    } as unknown as Turn;
    const text = textOf(turn, t);
    expect(text).toContain("不得取现。[1]");
    expect(text).toContain("[1] 《办法》第四条");
    expect(text).toContain("2026-11-22");
    expect(text).toContain("aiLabel");
  });
});
