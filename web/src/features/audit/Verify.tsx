/** Verifies the whole chain now and says in words what came of it. */
import { CheckCircleOutlined, WarningOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useMutation } from "@tanstack/react-query";
import { api } from "@/api/client";
import { Failure } from "@/blocks/States";
import type { Verified } from "./records";
import { useAuditWords } from "./words";
import styles from "./audit.module.css";

function Outcome({ verified }: { verified: Verified }) {
  const t = useAuditWords();
  if (verified.ok) {
    return (
      <p className={styles.whole} role="status">
        <CheckCircleOutlined /> {t("whole", { n: verified.records.toLocaleString() })}
      </p>
    );
  }
  return (
    <p className={styles.broken} role="alert">
      <WarningOutlined />{" "}
      {verified.first_bad === null ? t("headsBroken", { names: verified.heads_failing.join("、") }) : t("broken", { n: verified.first_bad })}
    </p>
  );
}

export function Verify() {
  const t = useAuditWords();
  const verify = useMutation({ mutationFn: () => api.post<Verified>("/audit/verify") });
  return (
    <div className={styles.verify}>
      <Button type="primary" loading={verify.isPending} onClick={() => verify.mutate()}>
        {verify.isPending ? t("verifying") : t("verify")}
      </Button>
      {verify.data && !verify.isPending ? <Outcome verified={verify.data} /> : null}
      {verify.isError ? <Failure error={verify.error} retry={() => verify.mutate()} /> : null}
    </div>
  );
}
