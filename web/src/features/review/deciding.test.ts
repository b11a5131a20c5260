import { expect, test } from "vitest";
import { said } from "./Corrections";
import { bodyOf } from "./deciding";

test("approving says whether it is published now, on a day, or not yet", () => {
  expect(bodyOf({ step: "approve", comment: "好", publishNow: true, publishOn: null })).toEqual({ comment: "好", publish: true, publish_on: null });
  expect(bodyOf({ step: "approve", comment: "", publishNow: false, publishOn: "2027-01-01" })).toEqual({ comment: "", publish: false, publish_on: "2027-01-01" });
  expect(bodyOf({ step: "approve", comment: "" })).toEqual({ comment: "", publish: false, publish_on: null });
  expect(bodyOf({ step: "return", comment: "请改" })).toEqual({ comment: "请改" });
});

test("a corrected value of any shape is said in words", () => {
  expect(said("2026-01-01", "（无）")).toBe("2026-01-01");
  expect(said(null, "（无）")).toBe("（无）");
  expect(said(["第一条", "第二条"], "（无）")).toBe("第一条、第二条");
  expect(said({ relation: "amends", effective_on: null, target_articles: [] }, "（无）")).toBe("amends");
});
