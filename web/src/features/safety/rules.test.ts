import { expect, test } from "vitest";
import type { PolicyVersion } from "./records";
import { inTurn, replacedBy } from "./PoliciesPart";
import { differencesOf, policyOf, type PolicyBody } from "./rules";

const policy = (rules: { name: string; action: string }[], name = "p"): PolicyBody =>
  policyOf(JSON.stringify({ name, audience: "internal", rules: rules.map((rule) => ({ ...rule, match: "harm/*/*" })) }))!;
const version = (fields: Partial<PolicyVersion>): PolicyVersion => ({ id: "i", name: "p", version: "1", body: "{}", status: "draft", ...fields });

test("a policy is read from its text, and text that is none is told", () => {
  expect(policy([{ name: "a", action: "block" }]).rules[0]).toMatchObject({ directions: ["in", "out", "data"], min_severity: "low" });
  expect(policyOf('{"name":')).toBeNull();
  expect(policyOf("[]")).toBeNull();
});

test("what was added, removed, changed and moved is found", () => {
  const before = policy([{ name: "a", action: "block" }, { name: "b", action: "warn" }, { name: "c", action: "mask" }, { name: "d", action: "mask" }]);
  const after = policy([{ name: "e", action: "warn" }, { name: "a", action: "warn" }, { name: "d", action: "mask" }, { name: "c", action: "mask" }]);
  expect(differencesOf(before, after).map(({ kind, name }) => [kind, name])).toEqual([
    ["removed", "b"], ["added", "e"], ["changed", "a"], ["moved", "d"], ["moved", "c"],
  ]);
  expect(differencesOf(before, before)).toEqual([]);
});

test("a second rule of the same name hides neither of them", () => {
  const before = policy([{ name: "a", action: "block" }]);
  const after = policy([{ name: "a", action: "pass" }, { name: "a", action: "block" }]);
  expect(differencesOf(before, after).map(({ kind, after: rule }) => [kind, rule?.action])).toEqual([["changed", "pass"], ["added", "block"]]);
});

test("a body that is still being written breaks nothing", () => {
  const body = '{"rules":[{"name":1,"match":2,"directions":"in"}]}';
  expect(policyOf(body)?.rules[0]).toMatchObject({ name: "1", match: "2", directions: ["in", "out", "data"] });
});

test("what waits comes first, and is compared with what it would replace", () => {
  const body = JSON.stringify(policy([{ name: "a", action: "block" }]));
  const shipped = version({ id: "", name: "shipped", status: "shipped", body });
  const waits = version({ id: "w", status: "submitted", body });
  const holds = version({ id: "h", status: "in_force", body, version: "7" });
  expect(inTurn([version({ status: "retired" }), holds, shipped, waits]).map(({ status }) => status)).toEqual(["submitted", "in_force", "shipped", "retired"]);
  expect(replacedBy(waits, [shipped, holds])?.name).toBe("p@7");
  expect(replacedBy(waits, [shipped])?.name).toBe("shipped@1");
});
