/** Text judged as it is written, with every finding shown at its place. */
import { Button, Input, Segmented, Select } from "antd";
import { useDeferredValue, useState } from "react";
import { CopyButton } from "@/blocks/CopyButton";
import { Mark } from "@/blocks/Mark";
import { Failure, State } from "@/blocks/States";
import { piecesOf } from "./highlight";
import { usePolicies, useTrial, type Finding, type Tried } from "./records";
import { categoryWord, ruleWord, useRuleWords } from "./ruleWords";
import { ACTION_TONES } from "./tones";
import { kindWord, useSafetyWords } from "./words";
import styles from "./safety.module.css";

const CHARS_MAX = 20_000;

function OneFinding({ finding, text }: { finding: Finding; text: string }) {
  const t = useSafetyWords();
  const r = useRuleWords();
  return (
    <li className={styles.finding}>
      <Mark tone={ACTION_TONES[finding.action]}>{t(finding.action)}</Mark>
      <strong>{kindWord(t, finding.kind)}</strong>
      <span>{`“${[...text].slice(finding.start, finding.end).join("")}”`}</span>
      <span className={styles.dim}>
        {[categoryWord(r, finding.category), ruleWord(r, finding.rule), t(finding.severity), t("rule", { rule: finding.policy_rule || finding.rule, policy: finding.policy_version })]
          .filter((one, place, all) => one && all.indexOf(one) === place)
          .join(" · ")}
      </span>
    </li>
  );
}

function Result({ tried, text, isBusy }: { tried: Tried; text: string; isBusy: boolean }) {
  const t = useSafetyWords();
  const r = useRuleWords();
  return (
    <section aria-live="polite" aria-label={t("result")} aria-busy={isBusy} className={isBusy ? styles.stale : undefined}>
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
            {t("masked")} <CopyButton label={r("copyMasked")} text={tried.masked} />
          </p>
          <div className={styles.shown} style={{ minHeight: 0 }}>
            {tried.masked}
          </div>
        </>
      ) : null}
    </section>
  );
}

/** Marks lie where they were found: until the new text is judged, the text of the last verdict stays. */
function Judged({ tried, text, isBusy }: { tried: Tried; text: string; isBusy: boolean }) {
  const [last, setLast] = useState({ tried, text });
  if (!isBusy && (last.tried !== tried || last.text !== text)) setLast({ tried, text });
  return <Result tried={last.tried} text={last.text} isBusy={isBusy} />;
}

export function TryPart({ policyId }: { policyId: string }) {
  const t = useSafetyWords();
  const r = useRuleWords();
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
        <div>
          <Input.TextArea
            aria-label={t("text")}
            placeholder={t("text")}
            rows={12}
            maxLength={CHARS_MAX}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
          <div className={styles.under}>
            <span className={styles.dim}>{r("chars", { n: [...text].length.toLocaleString(), max: CHARS_MAX.toLocaleString() })}</span>
            {text ? (
              <Button size="small" type="text" onClick={() => setText("")}>
                {r("clear")}
              </Button>
            ) : (
              <Button size="small" type="text" onClick={() => setText(r("sampleText"))}>
                {r("sample")}
              </Button>
            )}
          </div>
        </div>
        {trial.isError ? <Failure error={trial.error} retry={() => void trial.refetch()} /> : null}
        {trial.data && deferred.trim() ? <Judged tried={trial.data} text={deferred} isBusy={trial.isPlaceholderData} /> : null}
        {deferred.trim() || trial.isError ? null : <State title={t("result")} hint={r("startHint")} />}
      </div>
    </>
  );
}
