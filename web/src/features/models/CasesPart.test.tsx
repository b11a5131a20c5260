import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { App } from "antd";
import { MemoryRouter } from "react-router";
import { beforeAll, expect, it, vi } from "vitest";
import { startWords } from "@/i18n";
import { CasesPart } from "./CasesPart";

const CASE = {
  id: "case_2", at: "2026-11-22T09:00:00+00:00", run_id: "run_1", model: "qwen", readable: true, sentence: "单位卡每日可支取现金1万元。",
  faults: [["number", "1万元"]], clause_id: 7, document: "单位现金管理办法", document_id: "doc_1", article: "第一条", clause: "单位卡不得支取现金。",
};
const HIDDEN = { ...CASE, id: "case_1", readable: false, sentence: "", faults: [], document: "", document_id: "", article: "", clause: "" };

beforeAll(() => startWords("zh"));

/** The page over a server that gives these pages of cases, one after the other. */
function show(...pages: unknown[][]) {
  vi.spyOn(globalThis, "fetch").mockImplementation((asked) => {
    const url = asked as string;
    if (!url.includes("/models/cases")) return Promise.resolve(Response.json({ items: [] }));
    const place = Number(new URL(url, "http://x").searchParams.get("after") ?? 0);
    return Promise.resolve(Response.json({ items: pages[place], next: place + 1 < pages.length ? String(place + 1) : null }));
  });
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <QueryClientProvider client={client}>
      <App>
        <MemoryRouter>
          <CasesPart />
        </MemoryRouter>
      </App>
    </QueryClientProvider>,
  );
}

it("shows what the model said beside the clause, with what is wrong marked and the clause one step away", async () => {
  show([CASE]);
  expect((await screen.findByRole("region", { name: "模型说的（未采用）" })).textContent).toContain(CASE.sentence);
  expect(screen.getByRole("region", { name: "条文" }).textContent).toContain("不得支取现金");
  expect(screen.getByText("1万元").tagName).toBe("MARK");
  expect(screen.getByText("数字：1万元")).toBeTruthy();
  expect(screen.getByRole("link", { name: "单位现金管理办法 › 第一条" }).getAttribute("href")).toBe("/knowledge/documents/doc_1?tab=text&clause=7");
});

it("says so where the reader may not read the clause, and brings older cases when asked", async () => {
  show([CASE], [HIDDEN]);
  await userEvent.click(await screen.findByRole("button", { name: /更\s*多/ }));
  expect(await screen.findByText(/无权查看所依据的条文/)).toBeTruthy();
  expect(screen.queryByRole("button", { name: /更\s*多/ })).toBeNull();
});

it("tells when there are none", async () => {
  show([]);
  expect(await screen.findByText("还没有这样的话")).toBeTruthy();
});
