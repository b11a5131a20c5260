import { expect, test } from "vitest";
import type { Action, CollectionKind, DocumentCard, Status, Version } from "./records";
import { offeredSteps } from "./VersionActs";

function offered(status: Status, may: Action[], kind: CollectionKind = "enterprise", maker = "other") {
  const version = { status, created_by: { id: maker, name: "" } } as Version;
  return offeredSteps({ may, collection: { kind } } as DocumentCard, version, "me");
}

test("a draft is submitted by those who may upload", () => {
  expect(offered("draft", ["read", "ingest"])).toEqual(["submit"]);
  expect(offered("draft", ["read"])).toEqual([]);
});

test("what is in review is withdrawn by its maker or whoever manages it", () => {
  expect(offered("in_review", ["ingest"], "enterprise", "me")).toEqual(["withdraw"]);
  expect(offered("in_review", ["ingest", "manage"])).toEqual(["withdraw"]);
  expect(offered("in_review", ["publish"])).toEqual([]);
});

test("what is published is archived by those who publish, what is over by nobody", () => {
  expect(offered("published", ["publish"])).toEqual(["archive"]);
  expect(offered("published", ["ingest"])).toEqual([]);
  expect(offered("archived", ["publish", "manage", "ingest"])).toEqual([]);
});
