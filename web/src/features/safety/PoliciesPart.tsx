/** Policies by version: drafted by one person, put in force by another. */
import { App, Button, Drawer, Input } from "antd";
import { useState } from "react";
import { api, messageOf } from "@/api/client";
import { useDanger } from "@/blocks/danger";
import { LocalTime } from "@/blocks/LocalTime";
import { Mark, type Tone } from "@/blocks/Mark";
import { Loaded } from "@/blocks/States";
import { useGuardChange, usePolicies, type PolicyVersion, type VersionStatus } from "./records";
import { useSafetyWords } from "./words";
import styles from "./safety.module.css";

export const STATUS_TONES: Record<VersionStatus, Tone> = {
  draft: "plain", submitted: "needs", in_force: "ink", refused: "danger", retired: "plain", shipped: "ink",
};

/** What two people do with a version of a policy or word list. */
export function VersionActs({ version, where }: { version: PolicyVersion; where: "policies" | "lexicons" }) {
  const t = useSafetyWords();
  const ask = useDanger();
  const { message } = App.useApp();
  const step = useGuardChange((word: "submit" | "approve" | "refuse" | "retire") => api.post(`/guard/${where}/${version.id}/${word}`));
  const go = (word: "submit" | "approve" | "refuse") =>
    step.mutate(word, {
      onSuccess: () => void message.success(t("done")),
      onError: (error) => void message.error(messageOf(error), 6),
    });
  const retire = () =>
    ask({
      title: t("retire"),
      consequence: t("retireHint", { name: version.name, version: version.version }),
      verb: t("retire"),
      act: () => step.mutateAsync("retire").catch((error: unknown) => message.error(messageOf(error))),
    });
  return (
    <>
      {version.status === "draft" ? (
        <Button size="small" type="primary" onClick={() => go("submit")}>
          {t("submit")}
        </Button>
      ) : null}
      {version.status === "submitted" ? (
        <>
          <Button size="small" type="primary" onClick={() => go("approve")}>
            {t("approve")}
          </Button>
          <Button size="small" onClick={() => go("refuse")}>
            {t("refuse")}
          </Button>
        </>
      ) : null}
      {version.status === "in_force" ? (
        <Button size="small" danger onClick={retire}>
          {t("retire")}
        </Button>
      ) : null}
    </>
  );
}

function Editor({ start, onClose }: { start: string; onClose: () => void }) {
  const t = useSafetyWords();
  const { message } = App.useApp();
  const [body, setBody] = useState(start);
  const [failure, setFailure] = useState("");
  const save = useGuardChange(() => api.post("/guard/policies", { body }));
  const keep = () =>
    save.mutate(undefined, {
      onSuccess: () => {
        void message.success(t("saved"));
        onClose();
      },
      onError: (error) => setFailure(messageOf(error)),
    });
  return (
    <Drawer
      open
      size={640}
      title={t("edit")}
      onClose={onClose}
      footer={
        <Button type="primary" loading={save.isPending} onClick={keep}>
          {t("saveDraft")}
        </Button>
      }
    >
      <p className={styles.hint}>{t("editHint")}</p>
      {failure ? <p role="alert" style={{ color: "var(--cinnabar)" }}>{failure}</p> : null}
      <Input.TextArea
        aria-label={t("edit")}
        rows={28}
        style={{ fontFamily: "var(--font-code)", fontSize: 12 }}
        value={body}
        onChange={(event) => setBody(event.target.value)}
      />
    </Drawer>
  );
}

/** JSON laid out for people; what is no JSON stays as it is. */
export function laidOut(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

export function PoliciesPart({ onTry }: { onTry: (id: string) => void }) {
  const t = useSafetyWords();
  const policies = usePolicies();
  const [start, setStart] = useState<string | null>(null);
  const card = (version: PolicyVersion) => (
    <li key={`${version.id}/${version.name}`} className={styles.card}>
      <div className={styles.row}>
        <span>
          <strong>{`${version.name}@${version.version}`}</strong> <Mark tone={STATUS_TONES[version.status]}>{t(version.status)}</Mark>{" "}
          {version.written_at ? (
            <span className={styles.dim}>
              {t("by", { name: version.written_by ?? "" })} <LocalTime at={version.written_at} />
            </span>
          ) : null}
        </span>
        <span style={{ display: "flex", gap: 8, flexWrap: "wrap" }}>
          {version.id ? (
            <>
              <Button size="small" onClick={() => onTry(version.id)}>
                {t("tryThis")}
              </Button>
              <VersionActs version={version} where="policies" />
            </>
          ) : null}
          <Button size="small" onClick={() => setStart(laidOut(version.body))}>
            {t("startFrom")}
          </Button>
        </span>
      </div>
    </li>
  );
  return (
    <>
      <Loaded query={policies}>
        {({ items, shipped }) => (
          <>
            {items.length ? null : (
              <p className={styles.hint}>
                {t("noPolicies")}。{t("noPoliciesHint")}
              </p>
            )}
            <ul className={styles.list}>{[...items, ...shipped].map(card)}</ul>
          </>
        )}
      </Loaded>
      {start === null ? null : <Editor start={start} onClose={() => setStart(null)} />}
    </>
  );
}
