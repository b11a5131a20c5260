import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { Form } from "antd";
import { beforeAll, expect, it } from "vitest";
import { startWords } from "@/i18n";
import { ModelFields } from "./ModelFields";
import { startOf } from "./modelForm";
import type { Model } from "./records";

const address = (id: string, has_key: boolean) => ({ id, url: `http://${id}/v1`, upstream_model: "m", state: "active", in_flight_max: 8, has_key });
const MODEL = { name: "m", kind: "openai", capabilities: ["chat"], fallbacks: [], endpoints: [address("e1", true), address("e2", false)] } as unknown as Model;

beforeAll(() => startWords("zh"));

it("says of an address itself whether it has a key, wherever it stands in the list", async () => {
  render(
    <Form initialValues={startOf(MODEL)}>
      <ModelFields model={MODEL} others={[]} />
    </Form>,
  );
  expect(screen.getAllByText("已保存密钥，留空不变")).toHaveLength(1);
  fireEvent.click(screen.getAllByText("去掉这个地址")[0]!);
  await waitFor(() => expect(screen.queryByText("已保存密钥，留空不变")).toBeNull());
});
