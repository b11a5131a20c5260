import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, render, renderHook, screen, waitFor } from "@testing-library/react";
import { App } from "antd";
import { MemoryRouter, Route, Routes } from "react-router";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { startWords } from "@/i18n";
import { ask, forgetFailure, usePending } from "./asking";
import { ConversationList } from "./ConversationList";

interface Stored {
  id: string;
  title: string;
  turns: number;
}

const UNDERSTOOD = { turn_id: "t1", understood_as: "能取现金吗", follow_up: false, as_of: "2026-11-22" };

/** A server with these conversations, and an answer whose events the test sends. */
function serve(items: Stored[], next: string | null = null) {
  let events: ReadableStreamDefaultController<Uint8Array> | undefined;
  vi.spyOn(globalThis, "fetch").mockImplementation((url, init) => {
    if (!(typeof url === "string" && url.endsWith("/turns"))) {
      return Promise.resolve(new Response(JSON.stringify({ items: items.map((row) => ({ ...row, mine: true })), next })));
    }
    const body = new ReadableStream<Uint8Array>({ start: (controller) => void (events = controller) });
    init?.signal?.addEventListener("abort", () => events?.error(new DOMException("", "AbortError")));
    return Promise.resolve(new Response(body));
  });
  const say = (event: string, data: unknown) =>
    events?.enqueue(new TextEncoder().encode(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`));
  return { say, asked: () => waitFor(() => expect(events).toBeTruthy()) };
}

/** The list, while another conversation stands open. */
function show() {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <QueryClientProvider client={client}>
      <App>
        <MemoryRouter initialEntries={["/chat/other"]}>
          <Routes>
            <Route path="/chat/*" element={<ConversationList />} />
          </Routes>
        </MemoryRouter>
      </App>
    </QueryClientProvider>,
  );
  return client;
}

beforeAll(() => startWords("zh"));

describe("the list of conversations", () => {
  it("shows a first question from when it is begun", async () => {
    const items: Stored[] = [];
    const { say, asked } = serve(items);
    const client = show();
    expect(await screen.findByText("还没有对话。")).toBeTruthy();
    const asking = ask(client, "begun", { question: "能取现金吗" });
    await asked();
    items.push({ id: "begun", title: "能取现金吗", turns: 1 });
    say("question", UNDERSTOOD);
    expect(await screen.findByRole("link", { name: "能取现金吗" })).toBeTruthy();
    say("error", { code: "broken", message: "出错了", request_id: "r" });
    await act(() => asking);
    act(() => forgetFailure("begun"));
    expect(screen.getByRole("link", { name: "能取现金吗" })).toBeTruthy();
  });

  it("shows a first question that failed before it was kept, until it is put away", async () => {
    const items: Stored[] = [];
    const { say, asked } = serve(items);
    const client = show();
    expect(await screen.findByText("还没有对话。")).toBeTruthy();
    const asking = ask(client, "failed", { question: "能取现金吗" });
    await asked();
    items.push({ id: "failed", title: "没成的", turns: 0 });
    say("error", { code: "broken", message: "出错了", request_id: "r" });
    await act(() => asking);
    expect(await screen.findByRole("link", { name: "没成的" })).toBeTruthy();
    act(() => forgetFailure("failed"));
    expect(screen.queryByRole("link", { name: "没成的" })).toBeNull();
  });

  it("reads the list again when a question is stopped", async () => {
    const items: Stored[] = [];
    const { asked } = serve(items);
    const client = show();
    expect(await screen.findByText("还没有对话。")).toBeTruthy();
    const { result } = renderHook(() => usePending("stopped"));
    const asking = ask(client, "stopped", { question: "能取现金吗" });
    await asked();
    items.push({ id: "stopped", title: "停下的", turns: 1 });
    await act(async () => {
      result.current?.stop();
      await asking;
    });
    expect(await screen.findByRole("link", { name: "停下的" })).toBeTruthy();
  });

  it("offers the next page when nothing of this one is shown", async () => {
    serve([{ id: "empty", title: "空的", turns: 0 }], "cursor");
    show();
    expect(await screen.findByRole("button", { name: "更早的对话" })).toBeTruthy();
    expect(screen.queryByRole("link", { name: "空的" })).toBeNull();
  });
});
