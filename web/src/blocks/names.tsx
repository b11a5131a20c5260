/** Names for the ids of people: asked together, once, and kept. */
import { useQueries, useQuery, type UseQueryOptions } from "@tanstack/react-query";
import { api } from "@/api/client";
import { useBlockWords } from "./words";

interface Known {
  id: string;
  name: string;
  department: { name: string } | null;
  status: "active" | "disabled";
}

const AT_ONCE_MAX = 200;
const LOCAL = "local";

let waiting = new Map<string, ((known: Known | null) => void)[]>();

/** Everything asked for in the same moment goes in one call; who is not known has no name, and nothing fails for it. */
async function askAll(): Promise<void> {
  const asked = waiting;
  waiting = new Map();
  const ids = [...asked.keys()];
  for (let start = 0; start < ids.length; start += AT_ONCE_MAX) {
    const part = ids.slice(start, start + AT_ONCE_MAX);
    const path = `/people/names?${new URLSearchParams(part.map((id) => ["ids", id])).toString()}`;
    const found = await api.get<{ items: Known[] }>(path).catch(() => ({ items: [] }));
    for (const id of part) asked.get(id)?.forEach((tell) => tell(found.items.find((one) => one.id === id) ?? null));
  }
}

/** Who has this id, together with all others asked for at the same time. */
export function whoIs(id: string): Promise<Known | null> {
  return new Promise((tell) => {
    if (waiting.size === 0) setTimeout(() => void askAll());
    waiting.set(id, [...(waiting.get(id) ?? []), tell]);
  });
}

const queryOf = (id: string): UseQueryOptions<Known | null> => ({
  queryKey: ["names", id],
  queryFn: () => whoIs(id),
  staleTime: Infinity,
  enabled: id !== "" && id !== LOCAL,
});

/** A function from an id to a name: the id itself until it is known, and when nobody has it. */
export function useNames(ids: readonly string[]): (id: string) => string {
  const t = useBlockWords();
  const wanted = [...new Set(ids)];
  const found = useQueries({ queries: wanted.map(queryOf) });
  return (id) => (id === LOCAL ? t("localOperator") : (found[wanted.indexOf(id)]?.data?.name ?? id));
}

/** A person by name, with the department; whoever left is said to have left. */
export function PersonName({ id }: { id: string | null | undefined }) {
  const t = useBlockWords();
  const { data } = useQuery(queryOf(id ?? ""));
  if (!id) return <span>—</span>;
  if (id === LOCAL) return <span>{t("localOperator")}</span>;
  if (!data) return <span title={id}>{data === null ? id : "…"}</span>;
  const place = [data.department?.name, data.status === "disabled" ? t("left") : ""].filter(Boolean).join(t("comma"));
  return <span title={id}>{place ? t("personOf", { name: data.name, place }) : data.name}</span>;
}
