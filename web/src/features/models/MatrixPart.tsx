/** Which model serves what, how it does, and what can be done with it. */
import { App, Button, Table, type TableColumnsType } from "antd";
import { useState } from "react";
import { api, messageOf } from "@/api/client";
import { useDanger } from "@/blocks/danger";
import { Mark, type Tone } from "@/blocks/Mark";
import { Loaded, State } from "@/blocks/States";
import { ModelDrawer } from "./ModelDrawer";
import { useMatrix, useModelChange, type Endpoint, type Matrix, type Model } from "./records";
import { useModelWords } from "./words";
import styles from "./models.module.css";

type Health = "healthy" | "unhealthy" | "unknown" | "draining" | "off" | "open";
const TONES: Record<Health, Tone> = { healthy: "ink", unhealthy: "danger", unknown: "plain", draining: "needs", off: "plain", open: "danger" };

/** How an endpoint does, in one word; the worst news first. */
export function healthOf({ state, circuit, healthy }: Endpoint): Health {
  if (state !== "active") return state;
  if (circuit === "open") return "open";
  return healthy === null ? "unknown" : healthy ? "healthy" : "unhealthy";
}

function Acts({ model }: { model: Model }) {
  const t = useModelWords();
  const ask = useDanger();
  const { message } = App.useApp();
  const fail = (error: unknown) => void message.error(messageOf(error));
  const probe = useModelChange(() => api.post(`/models/${model.id}/probe`));
  const test = useModelChange(() => api.post<{ ok: boolean; text: string; latency_ms: number }>(`/models/${model.id}/test`));
  const remove = useModelChange(() => api.remove(`/models/${model.id}`));
  const tell = ({ ok, text, latency_ms }: { ok: boolean; text: string; latency_ms: number }) =>
    ok
      ? void message.success(t("tested", { name: model.name, ms: Math.round(latency_ms), text }), 6)
      : void message.warning(t("testFailed", { name: model.name, text }), 8);
  return (
    <>
      <Button type="link" size="small" loading={probe.isPending} onClick={() => probe.mutate(undefined, { onError: fail })}>
        {t("probe")}
      </Button>
      {model.capabilities.includes("chat") ? (
        <Button type="link" size="small" loading={test.isPending} onClick={() => test.mutate(undefined, { onSuccess: tell, onError: fail })}>
          {t("test")}
        </Button>
      ) : null}
      {model.kind === "builtin" ? null : (
        <Button
          type="link"
          size="small"
          danger
          onClick={() =>
            ask({
              title: t("remove"),
              consequence: t("removeHint", { name: model.name }),
              verb: t("remove"),
              act: () => remove.mutateAsync(undefined).catch(fail),
            })
          }
        >
          {t("remove")}
        </Button>
      )}
    </>
  );
}

function Grid({ matrix, edit }: { matrix: Matrix; edit: (model: Model) => void }) {
  const t = useModelWords();
  const columns: TableColumnsType<Matrix["models"][number]> = [
    {
      title: t("name"),
      fixed: "left",
      width: 200,
      render: (_, model) => (
        <>
          {model.kind === "openai" ? (
            <Button type="link" style={{ padding: 0, height: "auto", whiteSpace: "normal", textAlign: "left" }} onClick={() => edit(model)}>
              {model.name}
            </Button>
          ) : (
            model.name
          )}
          <div className={styles.dim}>{`${t(model.kind)} · ${t(model.stage)}`}</div>
        </>
      ),
    },
    {
      title: t("health"),
      width: 110,
      render: (_, { endpoints }) =>
        endpoints.map((endpoint) => {
          const health = healthOf(endpoint);
          return (
            <div key={endpoint.id} title={endpoint.url}>
              <Mark tone={TONES[health]}>{t(health)}</Mark>
            </div>
          );
        }),
    },
    ...matrix.services.map(({ id }) => ({
      key: id,
      title: t(id),
      width: 84,
      className: styles.cell,
      render: (_: unknown, { cells }: Matrix["models"][number]) => {
        const cell = cells[id];
        return cell ? <Mark tone={cell === "default" ? "ink" : "plain"}>{t(cell)}</Mark> : null;
      },
    })),
    { title: t("dataLevel"), width: 130, render: (_, { data_level_max }) => t("upTo", { n: data_level_max }) },
    {
      title: t("price"),
      width: 170,
      align: "right",
      render: (_, { price_input, price_output, currency }) => `${price_input} / ${price_output} ${currency}`,
    },
    { title: <span className="visually-hidden">{t("test")}</span>, width: 190, render: (_, model) => <Acts model={model} /> },
  ];
  return <Table rowKey="id" size="small" columns={columns} dataSource={matrix.models} pagination={false} scroll={{ x: 1300 }} />;
}

export function MatrixPart() {
  const t = useModelWords();
  const matrix = useMatrix();
  const [editing, setEditing] = useState<Model | "new" | null>(null);
  const add = (
    <Button type="primary" onClick={() => setEditing("new")}>
      {t("add")}
    </Button>
  );
  return (
    <>
      <Loaded query={matrix} isEmpty={({ models }) => models.length === 0} empty={<State title={t("none")} hint={t("noneHint")} action={add} />}>
        {(loaded) => (
          <>
            <div className={styles.tools}>{add}</div>
            <Grid matrix={loaded} edit={setEditing} />
          </>
        )}
      </Loaded>
      {editing ? <ModelDrawer model={editing === "new" ? null : editing} onClose={() => setEditing(null)} /> : null}
    </>
  );
}
