/** One model: how its addresses do, and the form of what is registered; what is shipped is only read. */
import { App, Button, Drawer, Form } from "antd";
import { api, messageOf } from "@/api/client";
import { useDanger } from "@/blocks/danger";
import { Endpoints } from "./Endpoints";
import { ModelFacts } from "./ModelFacts";
import { ModelFields } from "./ModelFields";
import { bodyOf, startOf, type ModelForm } from "./modelForm";
import { useDetailWords } from "./modelWords";
import { useModelChange, useModels, type Model } from "./records";
import { useModelWords } from "./words";
import styles from "./models.module.css";

interface ModelDrawerProps {
  /** The id of the model; null for a new one. */
  id: string | null;
  onClose: () => void;
}

function Heading({ children }: { children: string }) {
  return <h3 className={styles.part}>{children}</h3>;
}

export function ModelDrawer({ id, onClose }: ModelDrawerProps) {
  const models = useModels().data?.items ?? [];
  const model = models.find((one) => one.id === id) ?? null;
  if (id && !model) return null;
  return <Opened model={model} others={models.filter((one) => one.id !== id).map(({ name }) => name)} onClose={onClose} />;
}

function Opened({ model, others, onClose }: { model: Model | null; others: string[]; onClose: () => void }) {
  const t = useModelWords();
  const d = useDetailWords();
  const ask = useDanger();
  const { message } = App.useApp();
  const [form] = Form.useForm<ModelForm>();
  const save = useModelChange((given: ModelForm) => {
    const body = bodyOf(given, model);
    return model ? api.patch(`/models/${model.id}`, body) : api.post("/models", body);
  });
  const remove = useModelChange(() => api.remove(`/models/${model?.id ?? ""}`));
  const submit = async () => {
    const given = await form.validateFields().catch(() => null);
    if (!given) return;
    try {
      await save.mutateAsync({ ...startOf(model), ...given });
      void message.success(t("saved"));
      onClose();
    } catch (error) {
      void message.error(messageOf(error), 8);
    }
  };
  const takeAway = () =>
    ask({
      title: t("remove"),
      consequence: t("removeHint", { name: model?.name ?? "" }),
      verb: t("remove"),
      act: () => remove.mutateAsync(undefined).then(onClose, (error: unknown) => void message.error(messageOf(error), 8)),
    });
  const mayChange = !model || model.kind === "openai";
  return (
    <Drawer
      open
      size={600}
      title={model ? model.name : t("add")}
      onClose={onClose}
      footer={
        <div className={styles.row}>
          {mayChange ? (
            <Button type="primary" loading={save.isPending} onClick={() => void submit()}>
              {t("save")}
            </Button>
          ) : null}
          <Button onClick={onClose}>{mayChange ? t("cancel") : d("close")}</Button>
          <span className={styles.spring} />
          {model && model.kind !== "builtin" ? (
            <Button danger type="text" onClick={takeAway}>
              {t("remove")}
            </Button>
          ) : null}
        </div>
      }
    >
      {model?.endpoints.length ? (
        <>
          <Heading>{t("health")}</Heading>
          <Endpoints model={model} />
        </>
      ) : null}
      {mayChange ? (
        <Form form={form} layout="vertical" initialValues={startOf(model)} requiredMark={false} scrollToFirstError>
          <ModelFields model={model} others={others} />
        </Form>
      ) : (
        model && <ModelFacts model={model} />
      )}
    </Drawer>
  );
}
