/** The addresses of a model as they do now, and taking one out of use or back. */
import { App, Button } from "antd";
import { api, messageOf } from "@/api/client";
import { useDanger } from "@/blocks/danger";
import { Mark } from "@/blocks/Mark";
import { healthOf, TONES } from "./health";
import { useDetailWords } from "./modelWords";
import { useModelChange, type Endpoint, type Model } from "./records";
import { useModelWords } from "./words";
import styles from "./models.module.css";

const STATES = ["active", "draining", "off"] as const;
type State = Endpoint["state"];

export function Endpoints({ model }: { model: Model }) {
  const t = useModelWords();
  const d = useDetailWords();
  const ask = useDanger();
  const { message } = App.useApp();
  const fail = (error: unknown) => void message.error(messageOf(error), 8);
  const set = useModelChange(({ id, state }: { id: string; state: State }) => api.post(`/models/${model.id}/endpoints/${id}/state`, { state }));
  const change = (id: string, state: State) =>
    set.mutateAsync({ id, state }).then(() => message.success(d("stateDone", { state: d(`is_${state}`) })), fail);
  const wish = (endpoint: Endpoint, state: State) => {
    const others = model.endpoints.filter((one) => one.id !== endpoint.id && one.state === "active");
    if (state === "active" || others.length) return void change(endpoint.id, state);
    ask({ title: d("lastActive"), consequence: d("lastActiveHint", { name: model.name }), verb: d(state), act: () => change(endpoint.id, state) });
  };
  return (
    <ul className={styles.plain}>
      {model.endpoints.map((endpoint) => {
        const health = healthOf(endpoint);
        const facts: [string, string][] = [
          [d("load"), `${endpoint.in_flight.toLocaleString()} / ${endpoint.in_flight_max.toLocaleString()}`],
          [d("calls"), endpoint.calls.toLocaleString()],
          [d("failed"), endpoint.failed_calls.toLocaleString()],
          [d("latency"), endpoint.calls ? d("ms", { n: Math.round(endpoint.latency_ms).toLocaleString() }) : d("none")],
        ];
        return (
          <li key={endpoint.id} className={styles.endpoint}>
            <div>
              <Mark tone={TONES[health]}>{t(health)}</Mark> <strong>{endpoint.url}</strong>
              <div className={styles.dim}>{endpoint.upstream_model}</div>
            </div>
            <div className={styles.facts}>
              {facts.map(([name, value]) => (
                <span key={name}>
                  {name} <b>{value}</b>
                </span>
              ))}
            </div>
            <div className={styles.acts}>
              {STATES.filter((state) => state !== endpoint.state).map((state) => (
                <Button key={state} size="small" loading={set.isPending} onClick={() => wish(endpoint, state)}>
                  {d(state)}
                </Button>
              ))}
            </div>
          </li>
        );
      })}
    </ul>
  );
}
