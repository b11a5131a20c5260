/** Which model serves what, how it does, and what can be done with it. */
import { App, Button, Checkbox, Input, Table, type TableColumnsType } from "antd";
import { useState } from "react";
import { api, messageOf } from "@/api/client";
import { Mark } from "@/blocks/Mark";
import { useIsPhone } from "@/blocks/narrow";
import { Loaded, State } from "@/blocks/States";
import { healthOf, inOrder, TONES } from "./health";
import { ModelDrawer } from "./ModelDrawer";
import { useDetailWords } from "./modelWords";
import { useMatrix, useModelChange, type Matrix, type Model } from "./records";
import { moneyOf } from "./usage";
import { useModelWords } from "./words";
import styles from "./models.module.css";

type Row = Matrix["models"][number];

function Acts({ model }: { model: Model }) {
  const t = useModelWords();
  const d = useDetailWords();
  const { message } = App.useApp();
  const fail = (error: unknown) => void message.error(messageOf(error), 8);
  const probe = useModelChange(() => api.post<Model>(`/models/${model.id}/probe`));
  const test = useModelChange(() => api.post<{ ok: boolean; text: string; latency_ms: number }>(`/models/${model.id}/test`));
  const told = ({ endpoints }: Model) =>
    void message.info(d("probeDone", { name: model.name, state: endpoints.map((one) => t(healthOf(one))).join("、") || d("none") }), 5);
  const tell = ({ ok, text, latency_ms }: { ok: boolean; text: string; latency_ms: number }) =>
    ok
      ? void message.success(t("tested", { name: model.name, ms: Math.round(latency_ms), text }), 8)
      : void message.warning(t("testFailed", { name: model.name, text }), 8);
  const canTest = model.stage !== "retired" && (model.capabilities.includes("chat") || model.capabilities.includes("embed"));
  return (
    <div className={styles.acts}>
      {model.endpoints.length ? (
        <Button type="link" size="small" loading={probe.isPending} onClick={() => probe.mutate(undefined, { onSuccess: told, onError: fail })}>
          {t("probe")}
        </Button>
      ) : null}
      {canTest ? (
        <Button type="link" size="small" loading={test.isPending} onClick={() => test.mutate(undefined, { onSuccess: tell, onError: fail })}>
          {t("test")}
        </Button>
      ) : null}
    </div>
  );
}

function Standing({ model }: { model: Model }) {
  const t = useModelWords();
  const d = useDetailWords();
  if (model.stage === "retired") return <Mark>{t("retired")}</Mark>;
  if (model.kind === "builtin") return <Mark tone="ink">{t("healthy")}</Mark>;
  const states = model.endpoints.map(healthOf);
  const well = states.filter((one) => one === "healthy").length;
  const worst = states.find((one) => one === "open" || one === "unhealthy") ?? states[0];
  if (!worst) return null;
  return (
    <>
      <Mark tone={well && well < states.length ? "needs" : TONES[worst]}>
        {states.length > 1 && well ? d("reached", { ok: well, all: states.length }) : t(worst)}
      </Mark>
    </>
  );
}

function Name({ model, open }: { model: Model; open: (model: Model) => void }) {
  const t = useModelWords();
  return (
    <>
      <Button type="link" className={styles.key} onClick={() => open(model)}>
        {model.name}
      </Button>
      <div className={styles.dim}>
        {t(model.kind)} · {model.stage === "approved" ? t("approved") : <Mark tone={model.stage === "trial" ? "needs" : "plain"}>{t(model.stage)}</Mark>}
      </div>
    </>
  );
}

const price = ({ price_input, price_output, currency }: Model) =>
  Number(price_input) || Number(price_output) ? `${moneyOf(price_input, currency)} / ${moneyOf(price_output, currency)}` : "—";

function Cards({ rows, open }: { rows: Row[]; open: (model: Model) => void }) {
  const t = useModelWords();
  return (
    <ul className={styles.plain}>
      {rows.map((model) => (
        <li key={model.id} className={styles.card}>
          <Name model={model} open={open} /> <Standing model={model} />
          <p className={styles.marks}>
            {model.capabilities.map((one) => (
              <Mark key={one} tone={model.cells[one] === "default" ? "ink" : "plain"}>
                {model.cells[one] === "default" ? `${t(one)} · ${t("default")}` : t(one)}
              </Mark>
            ))}
          </p>
          <p className={styles.dim}>{`${t("dataLevel")} ${t("upTo", { n: model.data_level_max })} · ${price(model)}`}</p>
          <Acts model={model} />
        </li>
      ))}
    </ul>
  );
}

function Grid({ rows, services, open }: { rows: Row[]; services: Matrix["services"]; open: (model: Model) => void }) {
  const t = useModelWords();
  const d = useDetailWords();
  const columns: TableColumnsType<Row> = [
    { title: t("name"), fixed: "left", width: 220, render: (_, model) => <Name model={model} open={open} /> },
    { title: t("health"), width: 140, render: (_, model) => <Standing model={model} /> },
    ...services.map(({ id }) => ({
      key: id,
      title: t(id),
      width: 88,
      className: styles.cell,
      render: (_: unknown, { cells, stage }: Row) => {
        const cell = stage === "retired" ? undefined : cells[id];
        return cell ? <Mark tone={cell === "default" ? "ink" : "plain"}>{t(cell)}</Mark> : null;
      },
    })),
    { title: t("dataLevel"), width: 140, render: (_, { data_level_max }) => t("upTo", { n: data_level_max }) },
    { title: t("price"), width: 200, align: "right", render: (_, model) => price(model) },
    { title: <span className="visually-hidden">{t("test")}</span>, width: 136, render: (_, model) => <Acts model={model} /> },
  ];
  const width = 836 + 88 * services.length;
  return <Table rowKey="id" size="small" columns={columns} dataSource={rows} pagination={false} scroll={{ x: width }} locale={{ emptyText: d("noMatch") }} />;
}

function Shown({ matrix, open, add }: { matrix: Matrix; open: (model: Model) => void; add: React.ReactNode }) {
  const t = useModelWords();
  const d = useDetailWords();
  const phone = useIsPhone();
  const [words, setWords] = useState("");
  const [allUses, setAllUses] = useState(false);
  const [withRetired, setWithRetired] = useState(false);
  const retired = matrix.models.filter(({ stage }) => stage === "retired").length;
  const sought = words.trim().toLowerCase();
  const rows = inOrder(matrix.models).filter((one) => (withRetired || one.stage !== "retired") && one.name.toLowerCase().includes(sought));
  const served = new Set(matrix.models.flatMap(({ stage, capabilities }) => (stage === "retired" ? [] : capabilities)));
  const services = matrix.services.filter(({ id }) => allUses || served.has(id));
  const defaults = matrix.services.flatMap((one) => (one.default ? [`${t(one.id)} ${one.default}`] : []));
  return (
    <>
      <div className={styles.tools}>
        {add}
        <Input.Search allowClear aria-label={d("find")} placeholder={d("find")} style={{ maxWidth: 240 }} value={words} onChange={(event) => setWords(event.target.value)} />
        {phone ? null : (
          <Checkbox className={styles.check} checked={allUses} onChange={(event) => setAllUses(event.target.checked)}>
            {d("allUses")}
          </Checkbox>
        )}
        {retired ? (
          <Checkbox className={styles.check} checked={withRetired} onChange={(event) => setWithRetired(event.target.checked)}>
            {d("showRetired", { n: retired })}
          </Checkbox>
        ) : null}
      </div>
      {defaults.length ? <p className={styles.hint}>{d("defaults", { list: defaults.join("；") })}</p> : null}
      {phone ? <Cards rows={rows} open={open} /> : <Grid rows={rows} services={services} open={open} />}
    </>
  );
}

export function MatrixPart() {
  const t = useModelWords();
  const matrix = useMatrix();
  const [editing, setEditing] = useState<{ id: string | null } | null>(null);
  const add = (
    <Button type="primary" onClick={() => setEditing({ id: null })}>
      {t("add")}
    </Button>
  );
  return (
    <>
      <Loaded query={matrix} isEmpty={({ models }) => models.length === 0} empty={<State title={t("none")} hint={t("noneHint")} action={add} />}>
        {(loaded) => <Shown matrix={loaded} open={({ id }) => setEditing({ id })} add={add} />}
      </Loaded>
      {editing ? <ModelDrawer id={editing.id} onClose={() => setEditing(null)} /> : null}
    </>
  );
}
