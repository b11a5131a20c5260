/** What runs here: the version, its parts and their licences. */
import { Button, Input, Table } from "antd";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "@/api/client";
import { Page } from "@/blocks/Page";
import { Loaded } from "@/blocks/States";
import { useAboutWords } from "./words";

interface Part {
  name: string;
  version: string;
  licence: string;
}

interface AboutInfo {
  version: string;
  licences: Part[];
  sbom_url: string;
}

function Parts({ parts }: { parts: Part[] }) {
  const t = useAboutWords();
  const [words, setWords] = useState("");
  const wanted = words.trim().toLowerCase();
  const found = parts.filter(({ name, licence }) => `${name} ${licence}`.toLowerCase().includes(wanted));
  return (
    <>
      <Input.Search
        allowClear
        aria-label={t("search")}
        placeholder={t("search")}
        style={{ maxWidth: 320, marginBottom: 12 }}
        value={words}
        onChange={(event) => setWords(event.target.value)}
      />
      <Table<Part>
        rowKey="name"
        size="small"
        dataSource={found}
        pagination={false}
        locale={{ emptyText: t("none") }}
        tableLayout="fixed"
        columns={[
          { title: t("name"), dataIndex: "name" },
          { title: t("version"), dataIndex: "version", width: 96 },
          { title: t("licence"), render: (_, { licence }) => licence || t("unknown") },
        ]}
      />
    </>
  );
}

export default function About() {
  const t = useAboutWords();
  const about = useQuery({ queryKey: ["about"], queryFn: () => api.get<AboutInfo>("/about"), staleTime: Infinity });
  return (
    <Page
      title={t("title")}
      description={t("description")}
      width="reading"
      actions={
        about.data ? (
          <Button href={about.data.sbom_url} download="yinshu-sbom.json">
            {t("sbom")}
          </Button>
        ) : null
      }
    >
      <Loaded query={about} rows={12}>
        {({ version, licences }) => (
          <>
            <p>
              {t("version")} <strong>{version}</strong>
              <br />
              {t("own")}
            </p>
            <h2 style={{ fontSize: 16 }}>{t("parts", { n: licences.length })}</h2>
            <p style={{ color: "var(--text-quiet)" }}>{t("partsHint")}</p>
            <Parts parts={licences} />
          </>
        )}
      </Loaded>
    </Page>
  );
}
