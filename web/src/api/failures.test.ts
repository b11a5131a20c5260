import { afterEach, expect, test } from "vitest";
import { ApiError } from "./client";

afterEach(() => {
  document.documentElement.lang = "zh-CN";
});

test("in Chinese the server's own words are shown", () => {
  expect(new ApiError(403, "not_allowed", "您没有这项权限。", "").message).toBe("您没有这项权限。");
});

test("in English a failure is worded by its code, with what only the server knows", () => {
  document.documentElement.lang = "en";
  expect(new ApiError(403, "not_allowed", "您没有这项权限。", "").message).toMatch(/^You are not allowed/);
  expect(new ApiError(400, "bad_input", "第 3 行缺少登录名。", "").message).toContain("第 3 行缺少登录名。");
  expect(new ApiError(451, "blocked", "没有作答：vrd_01m829rfk4q0zgfe8xts92q2。", "").message).toContain("(vrd_01m829rfk4q0zgfe8xts92q2)");
  expect(new ApiError(500, "unheard_of", "出错了。", "").message).toBe("出错了。");
});
