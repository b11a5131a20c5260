import { render, screen } from "@testing-library/react";
import { beforeAll, expect, it } from "vitest";
import { startWords } from "@/i18n";
import { PolicyChanges } from "./Rules";
import { policyOf } from "./rules";

const bodyOf = (fields: object) => policyOf(JSON.stringify({ name: "p", audience: "internal", label: true, rules: [], ...fields }))!;

beforeAll(() => startWords("zh"));

it("tells what a version changes besides its rules", () => {
  render(<PolicyChanges name="p@1" before={bodyOf({})} after={bodyOf({ label: false, hold_chars: 1, channel: "gateway" })} />);
  expect(screen.getByText("回答带生成标识 → 回答不带生成标识")).toBeTruthy();
  expect(screen.getByText("流式最多扣住 64 字 → 流式最多扣住 1 字")).toBeTruthy();
  expect(screen.getByText("各个来源 → 只用于来源 gateway")).toBeTruthy();
});

it("says so when nothing is changed", () => {
  render(<PolicyChanges name="p@1" before={bodyOf({})} after={bodyOf({})} />);
  expect(screen.getByText("规则与p@1完全相同。")).toBeTruthy();
});
