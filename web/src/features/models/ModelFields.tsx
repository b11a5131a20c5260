/** The fields of a model behind a server with the OpenAI interface: basics, addresses, levels and cost, the rest. */
import { Button, Form, Input, InputNumber, Select } from "antd";
import { NEW_ADDRESS, type ModelForm } from "./modelForm";
import { useDetailWords } from "./modelWords";
import { CAPABILITIES, type Model } from "./records";
import { useModelWords } from "./words";
import styles from "./models.module.css";

function Addresses({ model }: { model: Model | null }) {
  const t = useModelWords();
  const d = useDetailWords();
  const form = Form.useFormInstance<ModelForm>();
  // By its id: an address moves up when one before it is dropped.
  const hasKey = (place: number) => {
    const id = form.getFieldValue(["addresses", place, "id"]) as string | undefined;
    return model?.endpoints.find((one) => one.id === id)?.has_key;
  };
  return (
    <Form.List name="addresses">
      {(fields, { add, remove }) => (
        <>
          {fields.map(({ key, name }) => (
            <fieldset key={key} className={styles.address}>
              <legend>{d("address_n", { n: name + 1 })}</legend>
              <Form.Item name={[name, "url"]} label={t("url")} extra={t("urlHint")} rules={[{ required: true, whitespace: true, message: t("urlNeeded") }]}>
                <Input maxLength={2000} placeholder="http://10.0.0.8:8000/v1" />
              </Form.Item>
              <div className={styles.pair}>
                <Form.Item name={[name, "upstream_model"]} label={t("upstream")}>
                  <Input maxLength={200} />
                </Form.Item>
                <Form.Item name={[name, "in_flight_max"]} label={d("inFlightMax")}>
                  <InputNumber min={1} max={100_000} precision={0} style={{ width: "100%" }} />
                </Form.Item>
              </div>
              <Form.Item name={[name, "key"]} label={t("key")} extra={hasKey(name) ? d("hasKey") : t("keyHint")}>
                <Input.Password autoComplete="new-password" maxLength={4096} />
              </Form.Item>
              {fields.length > 1 ? (
                <Button size="small" onClick={() => remove(name)}>
                  {d("dropAddress")}
                </Button>
              ) : null}
            </fieldset>
          ))}
          <Button onClick={() => add(NEW_ADDRESS)}>{d("addAddress")}</Button>
        </>
      )}
    </Form.List>
  );
}

export function ModelFields({ model, others }: { model: Model | null; others: string[] }) {
  const t = useModelWords();
  const d = useDetailWords();
  const number = (name: string, label: string, min: number, max?: number) => (
    <Form.Item name={name} label={label}>
      <InputNumber min={min} max={max} precision={0} style={{ width: "100%" }} />
    </Form.Item>
  );
  const price = (name: string, label: string) => (
    <Form.Item name={name} label={label}>
      <InputNumber<string> stringMode min="0" style={{ width: "100%" }} />
    </Form.Item>
  );
  const text = (name: string, label: string) => (
    <Form.Item name={name} label={label}>
      <Input maxLength={200} />
    </Form.Item>
  );
  return (
    <>
      <h3 className={styles.part}>{d("basics")}</h3>
      <Form.Item name="name" label={t("name")} rules={[{ required: true, whitespace: true, message: t("nameNeeded") }]}>
        <Input maxLength={100} />
      </Form.Item>
      <div className={styles.pair}>
        <Form.Item name="capabilities" label={t("capabilities")} rules={[{ required: true, message: t("capabilitiesNeeded") }]}>
          <Select mode="multiple" options={CAPABILITIES.map((one) => ({ value: one, label: t(one) }))} />
        </Form.Item>
        <Form.Item name="stage" label={t("stage")}>
          <Select options={(["trial", "approved", "retired"] as const).map((one) => ({ value: one, label: t(one) }))} />
        </Form.Item>
      </div>
      <h3 className={styles.part}>{d("addresses")}</h3>
      <p className={styles.hint}>{d("addressHint")}</p>
      <Addresses model={model} />
      <h3 className={styles.part}>{d("limits")}</h3>
      <div className={styles.pair}>
        {number("data_level_max", t("dataLevel"), 1, 5)}
        <Form.Item name="customer_level_max" label={d("customerLevel")}>
          <Select options={([0, 1, 2, 3] as const).map((one) => ({ value: one, label: d(`customer_${one}`) }))} />
        </Form.Item>
        {price("price_input", d("priceIn"))}
        {price("price_output", d("priceOut"))}
        <Form.Item name="currency" label={d("currency")} rules={[{ pattern: /^[A-Z]{3}$/, message: d("currencyShape") }]}>
          <Input maxLength={3} />
        </Form.Item>
      </div>
      <h3 className={styles.part}>{d("more")}</h3>
      <Form.Item name="fallbacks" label={d("fallbacks")} extra={d("fallbacksHint")}>
        <Select mode="multiple" options={others.map((name) => ({ value: name, label: name }))} />
      </Form.Item>
      <div className={styles.pair}>
        <Form.Item name="size_class" label={d("sizeClass")}>
          <Select options={(["tiny", "small", "medium", "large"] as const).map((one) => ({ value: one, label: d(one) }))} />
        </Form.Item>
        {number("context_tokens", d("context"), 1)}
        {number("timeout_seconds", d("timeout"), 1, 3600)}
        {text("owner", d("owner"))}
        {text("licence", d("licence"))}
      </div>
    </>
  );
}
