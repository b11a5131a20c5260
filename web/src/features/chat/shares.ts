/** To whom a conversation is shared, and who may be found to share it with. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "@/api/client";

export type HolderKind = "person" | "department" | "post";

export interface Holder {
  kind: HolderKind;
  id: string;
  name?: string;
  /** Of a person: the department, so that two of the same name can be told apart. */
  department?: string;
}

interface Share {
  id: string;
  holder: Holder;
  shared_at: string;
}

const keyOf = (id: string) => ["shares", id];

export function useShares(conversationId: string) {
  return useQuery({
    queryKey: keyOf(conversationId),
    queryFn: async () => (await api.get<{ items: Share[] }>(`/conversations/${conversationId}/shares`)).items,
  });
}

function useChange(conversationId: string, act: (holder: Holder) => Promise<unknown>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: () => client.invalidateQueries({ queryKey: keyOf(conversationId) }),
  });
}

const bodyOf = ({ kind, id }: Holder) => ({ holder: { kind, id } });

export function useShare(conversationId: string) {
  return useChange(conversationId, (holder) =>
    api.post<unknown>(`/conversations/${conversationId}/shares`, bodyOf(holder)),
  );
}

export function useUnshare(conversationId: string) {
  return useChange(conversationId, (holder) =>
    api.remove<unknown>(`/conversations/${conversationId}/shares`, bodyOf(holder)),
  );
}

interface DepartmentNode {
  id: string;
  name: string;
  path: string;
  children: DepartmentNode[];
}

interface PersonCard {
  id: string;
  name: string;
  department: { name: string } | null;
}

const PEOPLE_OFFERED = 8;
const PLACES_OFFERED = 5;

function flat(nodes: DepartmentNode[]): DepartmentNode[] {
  return nodes.flatMap((node) => [node, ...flat(node.children)]);
}

/** People, departments and posts by a part of their name. */
export function useHolders(words: string) {
  const q = words.trim();
  return useQuery({
    queryKey: ["holders", q],
    queryFn: async ({ signal }): Promise<Holder[]> => {
      const [people, departments, posts] = await Promise.all([
        api.get<{ items: PersonCard[] }>("/people", { query: { q, limit: PEOPLE_OFFERED }, signal }),
        api.get<{ items: DepartmentNode[] }>("/departments", { signal }),
        api.get<{ items: { id: string; name: string }[] }>("/posts", { signal }),
      ]);
      const named = <T extends { name: string }>(rows: T[]) =>
        rows.filter(({ name }) => name.includes(q)).slice(0, PLACES_OFFERED);
      return [
        ...people.items.map(({ id, name, department }) => ({
          kind: "person" as const,
          id,
          name,
          department: department?.name,
        })),
        ...named(flat(departments.items)).map(({ id, name }) => ({ kind: "department" as const, id, name })),
        ...named(posts.items).map(({ id, name }) => ({ kind: "post" as const, id, name })),
      ];
    },
    enabled: q.length > 0,
    placeholderData: (before) => before,
  });
}
