import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen } from "@testing-library/react";
import { App } from "antd";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { startWords } from "@/i18n";
import { QuestionBox } from "./QuestionBox";

function show() {
  const onAsk = vi.fn(() => Promise.resolve(false));
  render(
    <QueryClientProvider client={new QueryClient()}>
      <App>
        <QuestionBox draftKey="box-test" onAsk={onAsk} />
      </App>
    </QueryClientProvider>,
  );
  const field = screen.getByRole("textbox", { name: "提问" });
  field.focus();
  fireEvent.change(field, { target: { value: "能取现金吗" } });
  return { field, onAsk };
}

beforeAll(() => startWords("zh"));
beforeEach(() => {
  vi.spyOn(globalThis, "fetch").mockImplementation(() => Promise.resolve(new Response('{"collections":[]}')));
});

describe("the box of questions", () => {
  it("leaves the keys to the input method while it composes", () => {
    const { field, onAsk } = show();
    fireEvent.keyDown(field, { key: "Escape", isComposing: true });
    fireEvent.keyDown(field, { key: "Enter", isComposing: true });
    expect(document.activeElement).toBe(field);
    expect(onAsk).not.toHaveBeenCalled();
  });

  it("asks with Enter and is left with Escape", () => {
    const { field, onAsk } = show();
    fireEvent.keyDown(field, { key: "Enter" });
    expect(onAsk).toHaveBeenCalledOnce();
    fireEvent.keyDown(field, { key: "Escape" });
    expect(document.activeElement).not.toBe(field);
  });
});
