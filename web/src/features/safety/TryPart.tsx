/** Text judged as it is written, with every finding shown at its place. */
import { Input, Segmented, Select } from "antd";
import { useDeferredValue, useState } from "react";
import { Mark, type Tone } from "@/blocks/Mark";
import { Failure } from "@/blocks/States";
import { piecesOf } from "./highlight";
import { usePolicies, useTrial, type Action, type Finding, type Tried } from "./records";
import { kindWord, useSafetyWords } from "./words";
import styles from "./safety.module.css";

export const ACTION_TONES: Record<Action, Tone> = { pass: "verified", mask: "ink", warn: "needs", review: "needs", block: "danger" };
const CHARS_MAX = 20_000;

function OneFinding({ finding, text }: { finding: Finding; text: string }) {
  const t = useSafetyWords();
  return (
    <li className={styles.finding}>
      <Mark tone={ACTION_TONES[finding.action]}>{t(finding.action)}</Mark>
      <strong>{kindWord(t, finding.kind)}</strong>
      <span>{`“${[...text].slice(finding.start, finding.end).join("")}”`}</span>
      <span className={styles.dim}>
        {[finding.category, t(finding.severity), t("rule", { rule: finding.policy_rule || finding.rule, policy: finding.policy_version })]
          .filter(Boolean)
          .join(" · ")}
      </span>
    </li>
  );
}

function Result({ tried, text }: { tried: Tried; text: string }) {
  const t = useSafetyWords();
  return (
    <section aria-live="polite" aria-label={t("result")}>
      <div className={styles.tools}>
        <Mark tone={ACTION_TONES[tried.action]}>{t(tried.action)}</Mark>
        <span className={styles.dim}>
          {tried.findings.length ? t("findings_n", { n: tried.findings.length }) : t("noFindings")} · {tried.policy} ·{" "}
          {t("took", { ms: tried.elapsed_ms.toFixed(1) })}
        </span>
      </div>
      <div className={styles.shown}>
        {piecesOf(text, tried.findings).map((piece, index) =>
          piece.action ? (
            <mark key={index} className={styles[piece.action]}>
              {piece.text}
            </mark>
          ) : (
            <span key={index}>{piece.text}</span>
          ),
        )}
      </div>
      <ul className={styles.list}>
        {tried.findings.map((finding, index) => (
          <OneFinding key={index} finding={finding} text={text} />
        ))}
      </ul>
      {tried.masked && tried.masked !== text ? (
        <>
          <p className={styles.dim} style={{ margin: "12px 0 4px" }}>
            {t("masked")}
          </p>
          <div className={styles.shown} style={{ minHeight: 0 }}>
            {tried.masked}
          </div>
        </>
      ) : null}
    </section>
  );
}

export function TryPart({ policyId }: { policyId: string }) {
  const t = useSafetyWords();
  const [text, setText] = useState("");
  const [direction, setDirection] = useState<"in" | "out" | "data">("in");
  const [audience, setAudience] = useState<"internal" | "public">("internal");
  const [policy, setPolicy] = useState(policyId);
  const deferred = useDeferredValue(text);
  const trial = useTrial({ text: deferred, policy, direction, audience });
  const policies = usePolicies().data?.items ?? [];
  return (
    <>
      <div className={styles.tools}>
        <Segmented
          aria-label={t("direction")}
          value={direction}
          onChange={setDirection}
          options={(["in", "out", "data"] as const).map((one) => ({ value: one, label: t(one) }))}
        />
        <Segmented
          aria-label={t("audience")}
          value={audience}
          onChange={setAudience}
          options={(["internal", "public"] as const).map((one) => ({ value: one, label: t(one) }))}
        />
        <Select
          aria-label={t("policy")}
          value={policy}
          onChange={setPolicy}
          style={{ minWidth: 200 }}
          options={[
            { value: "", label: t("inForceNow") },
            ...policies.map(({ id, name, version, status }) => ({ value: id, label: `${name}@${version} ${t(status)}` })),
          ]}
        />
      </div>
      <div className={styles.two}>
        <Input.TextArea
          aria-label={t("text")}
          placeholder={t("text")}
          rows={12}
          maxLength={CHARS_MAX}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        {trial.isError ? <Failure error={trial.error} retry={() => void trial.refetch()} /> : null}
        {trial.data && deferred.trim() ? <Result tried={trial.data} text={deferred} /> : null}
      </div>
    </>
  );
}
