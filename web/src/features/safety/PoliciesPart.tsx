/** Policies by version: drafted by one person, put in force by another who sees what changes. */
import { Button, Checkbox } from "antd";
import { useState } from "react";
import { LocalTime } from "@/blocks/LocalTime";
import { Mark } from "@/blocks/Mark";
import { PersonName } from "@/blocks/names";
import { Loaded } from "@/blocks/States";
import { laidOut, PolicyEditor } from "./PolicyEditor";
import { usePolicies, type PolicyVersion, type VersionStatus } from "./records";
import { PolicyChanges, Rules } from "./Rules";
import { useRuleWords } from "./ruleWords";
import { policyOf, type PolicyBody } from "./rules";
import { STATUS_TONES } from "./tones";
import { VersionActs } from "./VersionActs";
import { useSafetyWords } from "./words";
import styles from "./safety.module.css";

const ORDER: VersionStatus[] = ["submitted", "draft", "in_force", "shipped", "retired", "refused"];
const PAST: VersionStatus[] = ["retired", "refused"];

/** What waits first, then what holds, then what was; the newest of each first. */
export function inTurn(versions: readonly PolicyVersion[]): PolicyVersion[] {
  return [...versions].sort(
    (one, other) => ORDER.indexOf(one.status) - ORDER.indexOf(other.status) || (other.written_at ?? "").localeCompare(one.written_at ?? ""),
  );
}

/** The policy that a version would replace: the one of its name in force, or the shipped one for the same audience. */
export function replacedBy(version: PolicyVersion, all: readonly PolicyVersion[]): { name: string; policy: PolicyBody } | null {
  const policy = policyOf(version.body);
  const before =
    all.find((one) => one.status === "in_force" && one.name === version.name) ??
    all.find((one) => one.status === "shipped" && policyOf(one.body)?.audience === policy?.audience);
  const body = before && policyOf(before.body);
  return before && body ? { name: `${before.name}@${before.version}`, policy: body } : null;
}

interface CardProps {
  version: PolicyVersion;
  all: readonly PolicyVersion[];
  onTry: (id: string) => void;
  onStart: (body: string) => void;
}

function Card({ version, all, onTry, onStart }: CardProps) {
  const t = useSafetyWords();
  const r = useRuleWords();
  const [open, setOpen] = useState(false);
  const policy = policyOf(version.body);
  const before = version.status === "submitted" || version.status === "draft" ? replacedBy(version, all) : null;
  const changes = policy && before ? <PolicyChanges before={before.policy} after={policy} name={before.name} /> : null;
  return (
    <li className={styles.card}>
      <div className={styles.row}>
        <span>
          <strong>{`${version.name}@${version.version}`}</strong> <Mark tone={STATUS_TONES[version.status]}>{t(version.status)}</Mark>{" "}
          {version.written_at ? (
            <span className={styles.dim}>
              <PersonName id={version.written_by} /> <LocalTime at={version.written_at} />
              {version.decided_by ? <> · {t("decidedBy")} <PersonName id={version.decided_by} /></> : null}
            </span>
          ) : null}
        </span>
        <span className={styles.acts}>
          <Button size="small" type="text" aria-expanded={open} onClick={() => setOpen(!open)}>
            {r(open ? "hide" : "show")}
          </Button>
          {version.id ? (
            <Button size="small" onClick={() => onTry(version.id)}>
              {t("tryThis")}
            </Button>
          ) : null}
          <Button size="small" onClick={() => onStart(laidOut(version.body))}>
            {t("startFrom")}
          </Button>
          {version.id ? <VersionActs version={version} where="policies" changes={changes} /> : null}
        </span>
      </div>
      {open && policy ? <Rules policy={policy} /> : null}
      {version.status === "submitted" ? changes : null}
    </li>
  );
}

export function PoliciesPart({ onTry }: { onTry: (id: string) => void }) {
  const t = useSafetyWords();
  const r = useRuleWords();
  const policies = usePolicies();
  const [start, setStart] = useState<string | null>(null);
  const [withPast, setWithPast] = useState(false);
  return (
    <>
      <Loaded query={policies}>
        {({ items, shipped }) => {
          const all = inTurn([...items, ...shipped]);
          const past = all.filter(({ status }) => PAST.includes(status)).length;
          return (
            <>
              {items.some(({ status }) => status === "in_force") ? null : (
                <p className={styles.hint}>
                  {t("noPolicies")}。{t("noPoliciesHint")}
                </p>
              )}
              <ul className={styles.list}>
                {all
                  .filter(({ status }) => withPast || !PAST.includes(status))
                  .map((version) => (
                    <Card key={`${version.id}/${version.name}`} version={version} all={all} onTry={onTry} onStart={setStart} />
                  ))}
              </ul>
              {past ? (
                <Checkbox checked={withPast} onChange={(event) => setWithPast(event.target.checked)}>
                  {r("showPast", { n: past })}
                </Checkbox>
              ) : null}
            </>
          );
        }}
      </Loaded>
      {start === null ? null : <PolicyEditor start={start} onClose={() => setStart(null)} />}
    </>
  );
}
