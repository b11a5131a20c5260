import { describe, expect, it } from "vitest";
import { readable } from "./choices";

describe("the questions of an ask-back", () => {
  it("sets apart what differs and what all share", () => {
    const [first, second] = readable(["票据的承兑手续费多少？", "服务收费的单位账户开户手续费多少？"]);
    expect(first).toEqual({ question: "票据的承兑手续费多少？", topic: "票据", matter: "承兑", tail: "手续费多少？" });
    expect(second).toMatchObject({ topic: "服务收费", matter: "单位账户开户" });
  });

  it("leaves a question whole that another one ends with", () => {
    expect(readable(["限额是多少？", "结算卡限额是多少？"])[0]).toMatchObject({ matter: "限额是多少？", tail: "" });
  });

  it("makes no field of a single letter", () => {
    expect(readable(["卡的限额是多少？", "单位账户的限额是多少？"])[0]).toMatchObject({ topic: "" });
  });

  it("says the same words altogether", () => {
    for (const { question, topic, matter, tail } of readable(["个人账户的Ⅲ类户限额是多少？", "一级限额是多少？"])) {
      expect([topic, matter + tail].filter(Boolean).join("的")).toBe(question);
    }
  });
});
