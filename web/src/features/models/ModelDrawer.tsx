/** The form of a model behind a server with the OpenAI interface. */
import { App, Button, Drawer, Form, Input, InputNumber, Select } from "antd";
import { api, messageOf } from "@/api/client";
import { CAPABILITIES, useModelChange, type Capability, type Model } from "./records";
import { useModelWords } from "./words";

interface ModelForm {
  name: string;
  url: string;
  upstream_model: string;
  key: string;
  capabilities: Capability[];
  stage: Model["stage"];
  data_level_max: number;
  price_input: string;
  price_output: string;
}

const NEW: ModelForm = {
  name: "",
  url: "",
  upstream_model: "",
  key: "",
  capabilities: ["chat"],
  stage: "trial",
  data_level_max: 2,
  price_input: "0",
  price_output: "0",
};

function startOf(model: Model | null): ModelForm {
  if (!model) return NEW;
  const { name, capabilities, stage, data_level_max, price_input, price_output } = model;
  const { url = "", upstream_model = "" } = model.endpoints[0] ?? {};
  return { name, url, upstream_model, key: "", capabilities, stage, data_level_max, price_input, price_output };
}

/** What the server is told; the other endpoints of the model stay, and an empty key leaves the one there is. */
export function bodyOf(form: ModelForm, model: Model | null): Record<string, unknown> {
  const { url, upstream_model, key, ...rest } = form;
  const [first, ...others] = model?.endpoints ?? [];
  const kept = others.map(({ id, url: address, upstream_model: name, in_flight_max, state }) => ({
    id,
    url: address,
    upstream_model: name,
    in_flight_max,
    state,
  }));
  const endpoint = { id: first?.id ?? "", url, upstream_model, ...(key ? { key } : {}) };
  return { ...rest, endpoints: [endpoint, ...kept] };
}

export function ModelDrawer({ model, onClose }: { model: Model | null; onClose: () => void }) {
  const t = useModelWords();
  const { message } = App.useApp();
  const [form] = Form.useForm<ModelForm>();
  const save = useModelChange((given: ModelForm) => {
    const body = bodyOf(given, model);
    return model ? api.patch(`/models/${model.id}`, body) : api.post("/models", body);
  });
  const submit = async () => {
    const given = await form.validateFields().catch(() => null);
    if (!given) return;
    try {
      await save.mutateAsync(given);
      void message.success(t("saved"));
      onClose();
    } catch (error) {
      form.setFields([{ name: "url", errors: [messageOf(error)] }]);
    }
  };
  return (
    <Drawer
      open
      size={480}
      title={model ? model.name : t("add")}
      onClose={onClose}
      footer={
        <Button type="primary" loading={save.isPending} onClick={() => void submit()}>
          {t("save")}
        </Button>
      }
    >
      <Form form={form} layout="vertical" initialValues={startOf(model)} requiredMark={false}>
        <Form.Item name="name" label={t("name")} rules={[{ required: true, whitespace: true, message: t("nameNeeded") }]}>
          <Input maxLength={100} />
        </Form.Item>
        <Form.Item name="url" label={t("url")} extra={t("urlHint")} rules={[{ required: true, message: t("urlNeeded") }]}>
          <Input maxLength={2000} />
        </Form.Item>
        <Form.Item name="upstream_model" label={t("upstream")}>
          <Input maxLength={200} />
        </Form.Item>
        <Form.Item name="key" label={t("key")} extra={t("keyHint")}>
          <Input.Password autoComplete="new-password" maxLength={4096} />
        </Form.Item>
        <Form.Item name="capabilities" label={t("capabilities")} rules={[{ required: true, message: t("capabilitiesNeeded") }]}>
          <Select mode="multiple" options={CAPABILITIES.map((one) => ({ value: one, label: t(one) }))} />
        </Form.Item>
        <Form.Item name="stage" label={t("stage")}>
          <Select options={(["trial", "approved", "retired"] as const).map((one) => ({ value: one, label: t(one) }))} />
        </Form.Item>
        <Form.Item name="data_level_max" label={t("dataLevel")}>
          <InputNumber min={1} max={5} precision={0} />
        </Form.Item>
        <Form.Item label={t("price")}>
          <Form.Item name="price_input" noStyle>
            <InputNumber<string> stringMode min="0" aria-label={t("input")} />
          </Form.Item>{" "}
          <Form.Item name="price_output" noStyle>
            <InputNumber<string> stringMode min="0" aria-label={t("output")} />
          </Form.Item>
        </Form.Item>
      </Form>
    </Drawer>
  );
}
