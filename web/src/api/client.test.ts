import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { startWords } from "@/i18n";
import { api, ApiError, setCsrfToken, urlOf, whenSignedOut } from "./client";

function answer(body: unknown, status = 200) {
  const response = new Response(body === undefined ? null : JSON.stringify(body), {
    status,
    headers: { "x-request-id": "req_1" },
  });
  return vi.spyOn(globalThis, "fetch").mockResolvedValue(response);
}

beforeAll(() => startWords("zh"));
afterEach(() => setCsrfToken(""));

describe("the client", () => {
  it("leaves empty values out of the address", () => {
    expect(urlOf("/people", { q: "张", limit: 5, after: null, post: "" })).toBe("/api/people?q=%E5%BC%A0&limit=5");
  });

  it("sends the CSRF token with what changes, and only with that", async () => {
    setCsrfToken("token");
    const fetched = answer({});
    await api.post("/x", { a: 1 });
    expect(new Headers(fetched.mock.calls[0]?.[1]?.headers).get("X-CSRF-Token")).toBe("token");
    answer({});
    await api.get("/x");
    expect(new Headers(fetched.mock.calls[1]?.[1]?.headers).get("X-CSRF-Token")).toBeNull();
  });

  it("tells a failure in the server's own words, with the id to report", async () => {
    answer({ code: "too_busy", message: "现在提问的人太多，请过几秒再试。" }, 503);
    const error = await api.get("/x").catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ status: 503, message: "现在提问的人太多，请过几秒再试。", requestId: "req_1" });
  });

  it("says that the server cannot be reached", async () => {
    vi.spyOn(globalThis, "fetch").mockRejectedValue(new TypeError("failed"));
    await expect(api.get("/x")).rejects.toMatchObject({ isOffline: true });
  });

  it("tells when nobody is signed in any more", async () => {
    const told = vi.fn();
    whenSignedOut(told);
    answer({ code: "not_signed_in", message: "请先登录。" }, 401);
    await expect(api.get("/x")).rejects.toThrow("请先登录。");
    expect(told).toHaveBeenCalledOnce();
  });

  it("does not take half an answer for a whole one", async () => {
    vi.spyOn(globalThis, "fetch").mockResolvedValue(new Response('{"half":', { status: 200 }));
    await expect(api.get("/x")).rejects.toMatchObject({ code: "broken" });
  });
});
