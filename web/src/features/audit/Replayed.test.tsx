import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import { App } from "antd";
import { beforeAll, expect, it } from "vitest";
import { i18n, startWords } from "@/i18n";
import type { Replay } from "./records";
import { Replayed } from "./Replayed";

function show(chose: boolean) {
  const answer = { status: "answered", answer: "应当在2日内报告。", composed_by: "m", shortened: chose };
  const sentences = [{ text: "应当在2日内报告。", then: 1, now: 1, faults: [] }];
  const replay: Replay = {
    run_id: "run_1", asked_at: "2026-11-22T04:00:00Z", actor: "", question: "几天", as_of: "2026-11-22", same: true, then: answer, now: answer,
    wording: { model: "m", prompt_version: "p@1", said: "x", chose, sentences }, versions_hidden: 0, differences: [],
  };
  render(
    <QueryClientProvider client={new QueryClient()}>
      <App>
        <Replayed replay={replay} />
      </App>
    </QueryClientProvider>,
  );
}

beforeAll(() => startWords("zh"));

it.each([
  ["zh", true, "已作答 · 措辞：摘录原文，由大模型 m 选句", "m 当时选的句子"],
  ["zh", false, "已作答 · 措辞：大模型 m", "m 当时说的话"],
  ["en", true, "Answered · Words: quoted from the rules, shortened by model m", "What m chose then"],
] as const)("a model that only chose sentences is not said to have worded them (%s, %s)", async (language, chose, by, title) => {
  await i18n.changeLanguage(language);
  show(chose);
  expect(screen.getAllByText(by)).toHaveLength(2);
  expect(screen.getByText(title)).toBeTruthy();
});
