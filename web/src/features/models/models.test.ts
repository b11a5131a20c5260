import { expect, test } from "vitest";
import { healthOf } from "./MatrixPart";
import { bodyOf } from "./ModelDrawer";
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

test("changing a model keeps its key and its other endpoints", () => {
  const model = { endpoints: [endpoint, { ...endpoint, id: "e2", url: "http://b/v1" }] } as Model;
  const form = {
    name: "n", url: "http://c/v1", upstream_model: "m", key: "", capabilities: ["chat" as const],
    stage: "trial" as const, data_level_max: 2, price_input: "0", price_output: "0",
  };
  const endpoints = bodyOf(form, model).endpoints as Record<string, unknown>[];
  expect(endpoints.map(({ id, url }) => [id, url])).toEqual([["e1", "http://c/v1"], ["e2", "http://b/v1"]]);
  expect(endpoints.some((one) => "key" in one)).toBe(false);
  expect((bodyOf({ ...form, key: "k" }, null).endpoints as Record<string, unknown>[])[0]).toMatchObject({ key: "k" });
});

test("each model's pieces go to its own column", () => {
  const empty = { text: "", done: null, error: "" };
  let columns: Parameters<typeof heard>[0] = [{ model: "a", ...empty }, { model: "b", ...empty }];
  columns = heard(columns, "piece", { place: 1, text: "你" });
  columns = heard(columns, "piece", { place: 1, text: "好" });
  columns = heard(columns, "error", { place: 0, message: "连不上" });
  expect(columns.map(({ text, error }) => [text, error])).toEqual([["", "连不上"], ["你好", ""]]);
});
