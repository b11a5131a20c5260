/** The rules of a policy as a table, and what a submitted policy changes. */
import { Mark } from "@/blocks/Mark";
import type { Action } from "./records";
import { categoryWord, useRuleWords } from "./ruleWords";
import { differencesOf, type PolicyBody, type Rule } from "./rules";
import { ACTION_TONES } from "./tones";
import { kindWord, useSafetyWords } from "./words";
import styles from "./safety.module.css";

const ALL = 3;

function useMatchWord(): (match: string) => string {
  const t = useSafetyWords();
  const r = useRuleWords();
  return (match) => {
    const [kind = "*", category = "*", rule = "*"] = match.split("/");
    const parts = [kind === "*" ? r("anything") : kindWord(t, kind), category === "*" ? "" : categoryWord(r, category), rule === "*" ? "" : rule];
    return parts.filter(Boolean).join(" › ");
  };
}

function useWhenWord(): (rule: Rule) => string {
  const r = useRuleWords();
  return ({ directions, min_severity, min_score }) =>
    [
      directions.length >= ALL ? r("allDirections") : directions.map((one) => r(one as "in" | "out" | "data")).join("、"),
      min_severity === "low" ? "" : r(`from_${min_severity as "medium" | "high"}`),
      min_score ? r("score", { n: min_score }) : "",
    ]
      .filter(Boolean)
      .join(" · ");
}

function ActionMark({ action }: { action: string }) {
  const t = useSafetyWords();
  return <Mark tone={ACTION_TONES[action as Action] ?? "plain"}>{action in ACTION_TONES ? t(action as Action) : action}</Mark>;
}

/** For whom and where a policy is, and what it does besides its rules. */
function useFacts(): (policy: PolicyBody) => string[] {
  const r = useRuleWords();
  return ({ audience, channel, application, hold_chars, label }) => [
    r(audience === "public" ? "forPublic" : "forInternal"),
    channel === "*" ? r("anyChannel") : r("onlyChannel", { name: channel }),
    application === "*" ? r("anyApplication") : r("onlyApplication", { name: application }),
    r("hold", { n: hold_chars }),
    r(label ? "label" : "noLabel"),
  ];
}

export function Rules({ policy }: { policy: PolicyBody }) {
  const r = useRuleWords();
  const matchWord = useMatchWord();
  const whenWord = useWhenWord();
  const facts = useFacts()(policy);
  return (
    <div className={styles.rules}>
      <p className={styles.dim}>{facts.join(" · ")}</p>
      <div className={styles.scroll} tabIndex={0} role="region" aria-label={policy.name}>
        <table>
          <thead>
            <tr>
              <th>{r("column_match")}</th>
              <th>{r("column_when")}</th>
              <th>{r("column_action")}</th>
              <th>{r("column_rule")}</th>
            </tr>
          </thead>
          <tbody>
            {policy.rules.map((rule, index) => (
              <tr key={index}>
                <td>{matchWord(rule.match)}</td>
                <td>{whenWord(rule)}</td>
                <td>
                  <ActionMark action={rule.action} />
                </td>
                <td className={styles.dim}>{rule.name}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className={styles.dim}>{r("order")}</p>
    </div>
  );
}

/** What the one who agrees agrees to: every rule and setting that is not as in the policy it would replace. */
export function PolicyChanges({ before, after, name }: { before: PolicyBody; after: PolicyBody; name: string }) {
  const r = useRuleWords();
  const matchWord = useMatchWord();
  const whenWord = useWhenWord();
  const factsOf = useFacts();
  const found = differencesOf(before, after);
  const now = factsOf(after);
  const settings = factsOf(before).flatMap((was, index) => (was === now[index] ? [] : [`${was} → ${now[index]}`]));
  const line = (rule: Rule) => (
    <>
      {matchWord(rule.match)} · {whenWord(rule)} <ActionMark action={rule.action} />
    </>
  );
  if (found.length + settings.length === 0) return <p className={styles.dim}>{r("nothing", { name })}</p>;
  return (
    <div className={styles.rules}>
      <strong>{r("compared", { name })}</strong>
      <ul className={styles.list}>
        {settings.map((one) => (
          <li key={one} className={styles.finding}>
            <Mark tone="needs">{r("changed")}</Mark>
            <span>{one}</span>
          </li>
        ))}
        {found.map((one, index) => (
          <li key={index} className={styles.finding}>
            <Mark tone={one.kind === "removed" ? "danger" : "needs"}>{r(one.kind)}</Mark>
            <span>{one.kind === "changed" && one.before ? <>{line(one.before)} → </> : null}{line(one.after ?? one.before!)}</span>
            <span className={styles.dim}>{one.name}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
