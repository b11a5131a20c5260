/** Everybody who can sign in: found, added, changed, imported and disabled here. */
import { Button, Input, Select, Table, type TableColumnsType } from "antd";
import { useDeferredValue, useState } from "react";
import { Mark } from "@/blocks/Mark";
import { useIsPhone } from "@/blocks/narrow";
import { Failure, Loading, State } from "@/blocks/States";
import { DepartmentSelect } from "./holders";
import { ImportPeople } from "./ImportPeople";
import { usePeopleWords } from "./peopleWords";
import { PersonDrawer } from "./PersonDrawer";
import { useRoles, usePeople, usePosts } from "./queries";
import type { PersonRow } from "./records";
import styles from "./admin.module.css";

interface Filter {
  department: string | null;
  post: string;
  role: string;
  status: "" | "active" | "disabled";
}

const NO_FILTER: Filter = { department: null, post: "", role: "", status: "active" };

function useColumns(open: (person: PersonRow) => void): TableColumnsType<PersonRow> {
  const t = usePeopleWords();
  const roles = useRoles().data?.items ?? [];
  const roleName = (id: string) => roles.find((role) => role.id === id)?.name ?? id;
  return [
    {
      key: "name",
      title: t("name"),
      width: 180,
      render: (_, person) => (
        <>
          <Button type="link" style={{ padding: 0, height: "auto", whiteSpace: "normal", textAlign: "left" }} onClick={() => open(person)}>
            {person.name}
          </Button>
          <div className={styles.dim}>{person.login}</div>
        </>
      ),
    },
    { key: "department", title: t("department"), render: (_, { department }) => department?.path ?? "—" },
    { key: "posts", title: t("posts"), render: (_, { posts }) => posts.map(({ name }) => name).join("、") || "—" },
    { key: "roles", title: t("roles"), width: 160, render: (_, person) => person.roles.map(roleName).join("、") || "—" },
    {
      key: "status",
      title: t("status"),
      width: 100,
      render: (_, { status }) => <Mark tone={status === "active" ? "ink" : "plain"}>{t(status)}</Mark>,
    },
  ];
}

function Cards({ people, open }: { people: PersonRow[]; open: (person: PersonRow) => void }) {
  const t = usePeopleWords();
  return (
    <ul className={styles.plain}>
      {people.map((person) => (
        <li key={person.id} className={styles.card}>
          <h3>
            <Button type="link" style={{ padding: 0 }} onClick={() => open(person)}>
              {person.name}
            </Button>
            {person.status === "disabled" ? <Mark>{t("disabled")}</Mark> : null}
          </h3>
          <p>{[person.login, person.department?.path, person.posts.map(({ name }) => name).join("、")].filter(Boolean).join(" · ")}</p>
        </li>
      ))}
    </ul>
  );
}

function Found({ q, filter, open, add }: { q: string; filter: Filter; open: (person: PersonRow) => void; add: () => void }) {
  const t = usePeopleWords();
  const phone = useIsPhone();
  const columns = useColumns(open);
  const [places, setPlaces] = useState<string[]>([]);
  const people = usePeople({ q, ...filter, after: places.at(-1) });
  if (!people.data) return people.isError ? <Failure error={people.error} retry={() => void people.refetch()} /> : <Loading rows={8} />;
  const { items, next, total } = people.data;
  if (items.length === 0) {
    const filtered = q || filter.department || filter.post || filter.role || filter.status !== "active";
    return filtered ? (
      <State title={t("noMatch")} />
    ) : (
      <State title={t("none")} hint={t("noneHint")} action={<Button type="primary" onClick={add}>{t("add")}</Button>} />
    );
  }
  return (
    <>
      {phone ? (
        <Cards people={items} open={open} />
      ) : (
        <Table rowKey="id" columns={columns} dataSource={items} pagination={false} tableLayout="fixed" loading={people.isPlaceholderData} scroll={{ x: 820 }} />
      )}
      {next || places.length ? (
        <div className={styles.pager}>
          {total === undefined ? null : <span>{t("total_n", { n: total.toLocaleString() })}</span>}
          <span>{t("page_n", { n: places.length + 1 })}</span>
          <Button disabled={!places.length} onClick={() => setPlaces(places.slice(0, -1))}>
            {t("previous")}
          </Button>
          <Button disabled={!next} onClick={() => next && setPlaces([...places, next])}>
            {t("next")}
          </Button>
        </div>
      ) : null}
    </>
  );
}

export function PeoplePage() {
  const t = usePeopleWords();
  const [words, setWords] = useState("");
  const [filter, setFilter] = useState<Filter>(NO_FILTER);
  const [person, setPerson] = useState<PersonRow | "new" | null>(null);
  const [importing, setImporting] = useState(false);
  const posts = usePosts().data?.items ?? [];
  const roles = useRoles().data?.items ?? [];
  const q = useDeferredValue(words.trim());
  return (
    <>
      <div className={styles.tools}>
        <Input.Search allowClear value={words} placeholder={t("search")} aria-label={t("search")} onChange={(event) => setWords(event.target.value)} />
        <div style={{ width: 200 }}>
          <DepartmentSelect value={filter.department} onChange={(department) => setFilter({ ...filter, department })} />
        </div>
        <Select
          aria-label={t("posts")}
          value={filter.post}
          style={{ minWidth: 120 }}
          onChange={(post) => setFilter({ ...filter, post })}
          options={[{ value: "", label: t("anyPost") }, ...posts.map(({ id, name }) => ({ value: id, label: name }))]}
        />
        <Select
          aria-label={t("roles")}
          value={filter.role}
          style={{ minWidth: 120 }}
          onChange={(role) => setFilter({ ...filter, role })}
          options={[{ value: "", label: t("anyRole") }, ...roles.map(({ id, name }) => ({ value: id, label: name }))]}
        />
        <Select
          aria-label={t("status")}
          value={filter.status}
          onChange={(status) => setFilter({ ...filter, status })}
          options={(["active", "disabled", ""] as const).map((one) => ({ value: one, label: t(one || "anyStatus") }))}
        />
        <span className={styles.spring} />
        <Button onClick={() => setImporting(true)}>{t("import")}</Button>
        <Button type="primary" onClick={() => setPerson("new")}>
          {t("add")}
        </Button>
      </div>
      <Found key={JSON.stringify([q, filter])} q={q} filter={filter} open={setPerson} add={() => setPerson("new")} />
      {person ? <PersonDrawer key={person === "new" ? "new" : person.id} person={person === "new" ? null : person} onClose={() => setPerson(null)} /> : null}
      {importing ? <ImportPeople onClose={() => setImporting(false)} /> : null}
    </>
  );
}
