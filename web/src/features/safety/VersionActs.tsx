/** What two people do with a version of a policy or word list; whoever wrote it cannot be the second. */
import { App, Button } from "antd";
import type { ReactNode } from "react";
import { api, messageOf } from "@/api/client";
import { useSession } from "@/api/session";
import { useDanger } from "@/blocks/danger";
import { useGuardChange, type PolicyVersion } from "./records";
import { useRuleWords } from "./ruleWords";
import { useSafetyWords } from "./words";
import styles from "./safety.module.css";

type Step = "submit" | "approve" | "refuse" | "retire";

interface VersionActsProps {
  version: PolicyVersion;
  where: "policies" | "lexicons";
  /** What agreeing changes, shown before it is done. */
  changes?: ReactNode;
}

export function VersionActs({ version, where, changes }: VersionActsProps) {
  const t = useSafetyWords();
  const r = useRuleWords();
  const ask = useDanger();
  const { message, modal } = App.useApp();
  const me = useSession().data?.person?.id;
  const step = useGuardChange((word: Step) => api.post(`/guard/${where}/${version.id}/${word}`));
  const go = (word: Step) =>
    step.mutateAsync(word).then(
      () => void message.success(t("done")),
      (error: unknown) => void message.error(messageOf(error), 8),
    );
  const named = { name: version.name, version: version.version };
  const approve = () =>
    void modal.confirm({
      title: r("approveTitle", named),
      width: 640,
      content: (
        <>
          <p>{r("approveHint")}</p>
          {changes}
        </>
      ),
      okText: t("approve"),
      onOk: () => go("approve"),
    });
  if (version.status === "draft") {
    return (
      <Button size="small" type="primary" loading={step.isPending} onClick={() => void go("submit")}>
        {t("submit")}
      </Button>
    );
  }
  if (version.status === "in_force") {
    return (
      <Button size="small" danger onClick={() => ask({ title: t("retire"), consequence: t("retireHint", named), verb: t("retire"), act: () => go("retire") })}>
        {t("retire")}
      </Button>
    );
  }
  if (version.status !== "submitted") return null;
  if (version.written_by === me) return <span className={styles.dim}>{r("own")}</span>;
  return (
    <>
      <Button size="small" type="primary" onClick={approve}>
        {t("approve")}
      </Button>
      <Button size="small" onClick={() => ask({ title: r("refuseTitle", named), consequence: r("refuseHint"), verb: t("refuse"), act: () => go("refuse") })}>
        {t("refuse")}
      </Button>
    </>
  );
}
