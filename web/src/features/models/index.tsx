/** Models: who serves what, trying them, cascades, what they got wrong, quotas and usage. */
import { Tabs } from "antd";
import { useSearchParams } from "react-router";
import { Page } from "@/blocks/Page";
import { Cascades } from "./Cascades";
import { CasesPart } from "./CasesPart";
import { MatrixPart } from "./MatrixPart";
import { Playground } from "./Playground";
import { Quotas } from "./Quotas";
import { UsagePart } from "./UsagePart";
import { useModelWords } from "./words";

export default function Models() {
  const t = useModelWords();
  const [asked, setAsked] = useSearchParams();
  return (
    <Page title={t("title")}>
      <Tabs
        activeKey={asked.get("part") ?? "matrix"}
        onChange={(part) => setAsked({ part })}
        destroyOnHidden
        items={[
          { key: "matrix", label: t("matrix"), children: <MatrixPart /> },
          { key: "playground", label: t("playground"), children: <Playground /> },
          { key: "cascades", label: t("cascades"), children: <Cascades /> },
          { key: "cases", label: t("casesTitle"), children: <CasesPart /> },
          { key: "quotas", label: t("quotas"), children: <Quotas /> },
          { key: "usage", label: t("usage"), children: <UsagePart /> },
        ]}
      />
    </Page>
  );
}
