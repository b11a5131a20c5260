import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { App } from "antd";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { Answer, Citation, Turn } from "@/api/answers";
import { startWords } from "@/i18n";
import { AnswerCard } from "./AnswerCard";

const SOURCE: Citation = {
  n: 1, document: "单位结算卡业务管理办法", file: "05.docx", document_id: "doc_1", version: "ver_1", clause_id: 7,
  article: "第四条", page: 3, bbox: null, quote: "不得开通现金支取功能。", effective_from: "2023-05-01",
  effective_to: null, in_force: true, may_open: true,
};

const ANSWER: Answer = {
  status: "answered", answer: "不得开通现金支取功能。",
  sentences: [{ text: "不得开通现金支取功能。", citations: [1], verified: true }],
  citations: [SOURCE], missing: null, clarify: [], nearest: [], refusal: null, confidence: 0.9, latency_ms: {}, run_id: "run_1",
};

const TURN: Turn = {
  id: "t1", ordinal: 1, state: "answered", question: "能取现金吗", understood_as: "能取现金吗", follow_up: false,
  as_of: "2026-11-22", collections: [], attachment_ids: [], answer: ANSWER, error: "", composed_by: "摘录原文",
  asked_at: "2026-11-22T04:00:00Z", feedback: null, withheld: 0,
};

function show(answer: Partial<Answer>, turn: Partial<Turn> = {}, onAsk?: (question: string) => void) {
  const onOpen = vi.fn();
  const whole = { ...ANSWER, ...answer };
  const { container } = render(
    <QueryClientProvider client={new QueryClient()}>
      <App>
        <AnswerCard conversationId="c" turn={{ ...TURN, ...turn, answer: whole }} answer={whole} onOpen={onOpen} onAsk={onAsk} />
      </App>
    </QueryClientProvider>,
  );
  return { onOpen, container };
}

beforeAll(() => startWords("zh"));
beforeEach(() => {
  vi.spyOn(globalThis, "fetch").mockImplementation(() => Promise.resolve(new Response('{"collections":[]}')));
});

describe("the answer card", () => {
  it("says verified and ticks the sentence", () => {
    show({});
    expect(screen.getByText("已核验")).toBeTruthy();
    expect(screen.getByLabelText("已与原文核对一致")).toBeTruthy();
  });

  it.each([
    ["extractive", /摘录原文/],
    ["shortened", /大模型选句/],
    ["model", /大模型措辞/],
  ] as const)("says how the answer came about: %s", (composed_as, told) => {
    show({}, { composed_as, composed_by: "" });
    expect(screen.getByText(told)).toBeTruthy();
  });

  it("opens the source by its mark and by its row", async () => {
    const { onOpen } = show({});
    await userEvent.click(screen.getByRole("button", { name: /^打开依据 1/ }));
    await userEvent.click(screen.getByRole("button", { name: /第四条.*起施行/ }));
    expect(onOpen).toHaveBeenCalledTimes(2);
    expect(onOpen).toHaveBeenLastCalledWith(SOURCE);
  });

  it("does not open what the reader may not see", () => {
    show({ citations: [{ ...SOURCE, may_open: false }] }, { withheld: 2 });
    expect(screen.getByRole<HTMLButtonElement>("button", { name: /^打开依据 1/ }).disabled).toBe(true);
    expect(screen.getByText("还有 2 处依据您的岗位不能看。")).toBeTruthy();
  });

  it("strikes a sentence that did not pass and says why", () => {
    const doubtful = { text: "可以取现。", citations: [1], verified: false, reason: "原文写“不得”" };
    show({ sentences: [doubtful] });
    expect(screen.getByText("部分核验")).toBeTruthy();
    expect(screen.getByText("去掉的原因：原文写“不得”")).toBeTruthy();
  });

  it("refuses with what is missing, what was searched and the nearest clauses", () => {
    show({ status: "refused", answer: "没有找到依据。", sentences: [], citations: [], missing: "缺少天气", nearest: [SOURCE], refusal: "nothing_relevant" });
    expect(screen.getByText("未找到依据")).toBeTruthy();
    expect(screen.getByText("缺少天气")).toBeTruthy();
    expect(screen.getByText("全部资料库，按 2026-11-22 有效的规定")).toBeTruthy();
    expect(screen.getByRole("region", { name: "最接近的条款" })).toBeTruthy();
  });

  it("asks the chosen meaning", async () => {
    const onAsk = vi.fn();
    show({ status: "clarify", answer: "您要问的是：", sentences: [], citations: [], clarify: ["单位卡取现", "个人卡取现"] }, {}, onAsk);
    await userEvent.click(screen.getByRole("button", { name: /个人\s?卡取现/ }));
    expect(onAsk).toHaveBeenCalledWith("个人卡取现");
  });
});
