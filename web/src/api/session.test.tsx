import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import { act, renderHook, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { startWords } from "@/i18n";
import { SESSION_KEY, useSession, useSignIn } from "./session";

const sessionOf = (id: string | null) => ({ person: id ? { id, name: id } : null, csrf_token: "t", version: "1" });

/** What the server answers next about the session. */
function answer(id: string | null) {
  vi.spyOn(globalThis, "fetch").mockImplementation(() => Promise.resolve(new Response(JSON.stringify(sessionOf(id)))));
}

/** A browser in which somebody has read a list. */
function begin(id: string | null) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  client.setQueryData(SESSION_KEY, sessionOf(id));
  client.setQueryData(["conversations", "mine"], ["hers"]);
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={client}>{children}</QueryClientProvider>
  );
  const { result } = renderHook(() => ({ session: useSession(), signIn: useSignIn() }), { wrapper });
  const read = () => client.getQueryData(["conversations", "mine"]);
  return { client, result, read, wrapper };
}

beforeAll(() => startWords("zh"));

describe("the session", () => {
  it("forgets what was read when nobody is signed in any more", async () => {
    const { client, result, read } = begin("a");
    answer(null);
    await act(() => client.invalidateQueries({ queryKey: SESSION_KEY }));
    await waitFor(() => expect(result.current.session.data?.person).toBeNull());
    expect(read()).toBeUndefined();
  });

  it("forgets what was read when another person signs in, and shows that person", async () => {
    const { result, read } = begin("a");
    answer("b");
    await act(() => result.current.signIn.mutateAsync({ login: "b", password: "p", method: "password" }));
    await waitFor(() => expect(result.current.session.data?.person?.id).toBe("b"));
    expect(read()).toBeUndefined();
  });

  it("keeps half-written words for the one who wrote them, and for nobody else", async () => {
    const { result } = begin("a");
    const signIn = async (id: string) => {
      answer(id);
      await act(() => result.current.signIn.mutateAsync({ login: id, password: "p", method: "password" }));
    };
    await signIn("a");
    sessionStorage.setItem("yinshu.draft.new", "half a question");
    localStorage.setItem("yinshu.comment.v1", "half a comment");
    await signIn("a");
    expect(sessionStorage.getItem("yinshu.draft.new")).toBe("half a question");
    await signIn("b");
    expect(sessionStorage.getItem("yinshu.draft.new")).toBeNull();
    expect(localStorage.getItem("yinshu.comment.v1")).toBeNull();
  });

  it("does not take over an answer that was on its way to the person before", async () => {
    const { client, result, wrapper } = begin("a");
    let arrive: (rows: string[]) => void = () => undefined;
    const late = () => new Promise<string[]>((resolve) => (arrive = resolve));
    renderHook(() => useQuery({ queryKey: ["late"], queryFn: late }), { wrapper });
    answer("b");
    await act(() => result.current.signIn.mutateAsync({ login: "b", password: "p", method: "password" }));
    await act(async () => {
      arrive(["hers"]);
      await Promise.resolve();
    });
    expect(client.getQueryData(["late"])).toBeUndefined();
  });

  it("keeps what was read while the person stays the same", async () => {
    const { client, read } = begin("a");
    answer("a");
    await act(() => client.invalidateQueries({ queryKey: SESSION_KEY }));
    expect(read()).toEqual(["hers"]);
  });
});
