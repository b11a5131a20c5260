import { expect, test } from "vitest";
import { BYTES_PER_SENDING, complaintOf, FILES_PER_SENDING, groupsOf, sharesSent } from "./sending";

const none = new Set<string>();

test("a file is complained of before it is sent", () => {
  expect(complaintOf({ name: "办法.docx", size: 10 }, none)).toBeNull();
  expect(complaintOf({ name: "办法.PDF", size: 10 }, none)).toBeNull();
  expect(complaintOf({ name: "办法.docx", size: 0 }, none)).toBe("empty");
  expect(complaintOf({ name: "压缩包.rar", size: 10 }, none)).toBe("unsupported");
  expect(complaintOf({ name: "pdf", size: 10 }, none)).toBe("unsupported");
  expect(complaintOf({ name: "办法.docx", size: 10 }, new Set(["办法.docx"]))).toBe("same_name");
  expect(complaintOf({ name: "大.pdf", size: 1e10 }, none)).toBe("too_large");
});

test("groups keep the order and both limits", () => {
  const files = Array.from({ length: 120 }, (_, index) => ({ name: `${index}.md`, size: 1 }));
  const groups = groupsOf(files);
  expect(groups.flat()).toEqual(files);
  expect(Math.max(...groups.map((group) => group.length))).toBe(FILES_PER_SENDING);
  const half = { name: "半.pdf", size: BYTES_PER_SENDING * 0.6 };
  expect(groupsOf([half, half, half]).map((group) => group.length)).toEqual([1, 1, 1]);
  expect(groupsOf([])).toEqual([]);
});

test("files of one form fill one after the other", () => {
  expect(sharesSent([100, 100], 0, 220)).toEqual([0, 0]);
  expect(sharesSent([100, 100], 60, 220)).toEqual([0.5, 0]);
  expect(sharesSent([100, 100], 165, 220)).toEqual([1, 0.45]);
  expect(sharesSent([100, 100], 220, 220)).toEqual([1, 1]);
  expect(sharesSent([], 0, 0)).toEqual([]);
});
