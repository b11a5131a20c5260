import { expect, test } from "vitest";
import { healthOf, inOrder } from "./health";
import { bodyOf, startOf } from "./modelForm";
import { heard } from "./Playground";
import type { Endpoint, Model } from "./records";

const endpoint: Endpoint = {
  id: "e1", url: "http://a/v1", upstream_model: "m", state: "active", in_flight_max: 8, has_key: true,
  circuit: "closed", healthy: true, in_flight: 0, calls: 0, failed_calls: 0, latency_ms: 0,
};

test("the worst news of an endpoint comes first", () => {
  expect(healthOf(endpoint)).toBe("healthy");
  expect(healthOf({ ...endpoint, healthy: null })).toBe("unknown");
  expect(healthOf({ ...endpoint, circuit: "open" })).toBe("open");
  expect(healthOf({ ...endpoint, state: "off", circuit: "open" })).toBe("off");
});

test("changing a model keeps its keys, its other addresses and their states", () => {
  const model = { endpoints: [endpoint, { ...endpoint, id: "e2", url: "http://b/v1", state: "off" }] } as Model;
  const form = startOf(model);
  const changed = { ...form, addresses: form.addresses.map((one) => (one.id === "e1" ? { ...one, url: "http://c/v1" } : one)) };
  const endpoints = bodyOf(changed, model).endpoints as Record<string, unknown>[];
  expect(endpoints.map(({ id, url, state }) => [id, url, state])).toEqual([["e1", "http://c/v1", "active"], ["e2", "http://b/v1", "off"]]);
  expect(endpoints.some((one) => "key" in one)).toBe(false);
  const fresh = { ...startOf(null), addresses: [{ id: "", url: "http://a/v1", upstream_model: "", key: "k", in_flight_max: 8 }] };
  expect((bodyOf(fresh, null).endpoints as Record<string, unknown>[])[0]).toMatchObject({ key: "k", url: "http://a/v1" });
});

test("approved models come first, retired ones last", () => {
  const models = [{ name: "a", stage: "retired" }, { name: "c", stage: "approved" }, { name: "b", stage: "approved" }, { name: "0", stage: "trial" }] as Model[];
  expect(inOrder(models).map(({ name }) => name)).toEqual(["b", "c", "0", "a"]);
});

test("each model's pieces go to its own column", () => {
  const empty = { text: "", done: null, error: "" };
  let columns: Parameters<typeof heard>[0] = [{ model: "a", ...empty }, { model: "b", ...empty }];
  columns = heard(columns, "piece", { place: 1, text: "你" });
  columns = heard(columns, "piece", { place: 1, text: "好" });
  columns = heard(columns, "error", { place: 0, message: "连不上" });
  expect(columns.map(({ text, error }) => [text, error])).toEqual([["", "连不上"], ["你好", ""]]);
});
