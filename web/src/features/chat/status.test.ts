import { describe, expect, it } from "vitest";
import { statusOf } from "./status";

const verified = { text: "不得取现。", citations: [1], verified: true };

describe("the status line", () => {
  it("is verified when every sentence is", () => {
    expect(statusOf({ status: "answered", sentences: [verified] })).toBe("verified");
  });
  it("is partly verified when one sentence is not, or one was taken out", () => {
    expect(statusOf({ status: "answered", sentences: [verified, { ...verified, verified: false }] })).toBe("partly");
    expect(statusOf({ status: "answered", sentences: [verified], removed: [{ text: "x", reason: "y" }] })).toBe("partly");
  });
  it("says a refusal and a question back as they are", () => {
    expect(statusOf({ status: "refused", sentences: [] })).toBe("refused");
    expect(statusOf({ status: "clarify", sentences: [] })).toBe("clarify");
  });
});
