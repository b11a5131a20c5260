/** The ledger for audit administrators: search, verify, signatures, replay, settings. */
import { Tabs } from "antd";
import { useSearchParams } from "react-router";
import { Page } from "@/blocks/Page";
import { Entries } from "./Entries";
import { Proofs } from "./Proofs";
import { ReplayPart } from "./ReplayPart";
import { SettingsPart } from "./SettingsPart";
import { useAuditWords } from "./words";

export default function Audit() {
  const t = useAuditWords();
  const [asked, setAsked] = useSearchParams();
  return (
    <Page title={t("title")} description={t("description")}>
      <Tabs
        activeKey={asked.get("part") ?? "entries"}
        onChange={(part) => setAsked({ part })}
        destroyOnHidden
        items={[
          { key: "entries", label: t("entries"), children: <Entries /> },
          { key: "proofs", label: t("proofs"), children: <Proofs /> },
          { key: "replay", label: t("replay"), children: <ReplayPart /> },
          { key: "settings", label: t("settings"), children: <SettingsPart /> },
        ]}
      />
    </Page>
  );
}
