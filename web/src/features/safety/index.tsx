/** The guard for safety administrators: try, policies, word lists, verdicts. */
import { Tabs } from "antd";
import { useSearchParams } from "react-router";
import { Page } from "@/blocks/Page";
import { LexiconsPart } from "./LexiconsPart";
import { PoliciesPart } from "./PoliciesPart";
import { TryPart } from "./TryPart";
import { VerdictsPart } from "./VerdictsPart";
import { useSafetyWords } from "./words";

export default function Safety() {
  const t = useSafetyWords();
  const [asked, setAsked] = useSearchParams();
  const policyId = asked.get("policy") ?? "";
  return (
    <Page title={t("title")}>
      <Tabs
        activeKey={asked.get("part") ?? "verdicts"}
        onChange={(part) => setAsked({ part })}
        destroyOnHidden
        items={[
          { key: "verdicts", label: t("verdicts"), children: <VerdictsPart /> },
          { key: "try", label: t("try"), children: <TryPart key={policyId} policyId={policyId} /> },
          { key: "policies", label: t("policies"), children: <PoliciesPart onTry={(policy) => setAsked({ part: "try", policy })} /> },
          { key: "lexicons", label: t("lexicons"), children: <LexiconsPart /> },
        ]}
      />
    </Page>
  );
}
