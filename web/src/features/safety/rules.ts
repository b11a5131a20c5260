/** Policies as their rules, in order, and what differs between two of them. */

export interface Rule {
  name: string;
  match: string;
  action: string;
  directions: string[];
  min_severity: string;
  min_score: number;
}

export interface PolicyBody {
  name: string;
  audience: string;
  hold_chars: number;
  label: boolean;
  rules: Rule[];
}

/** The policy of a body; null when it is none. */
export function policyOf(body: string): PolicyBody | null {
  try {
    const given = JSON.parse(body) as Partial<PolicyBody> | null;
    if (!given || !Array.isArray(given.rules)) return null;
    const rules = given.rules.map((rule: Partial<Rule>) => ({
      name: rule.name ?? "",
      match: rule.match ?? "",
      action: rule.action ?? "",
      directions: rule.directions ?? ["in", "out", "data"],
      min_severity: rule.min_severity ?? "low",
      min_score: rule.min_score ?? 0,
    }));
    return { name: given.name ?? "", audience: given.audience ?? "", hold_chars: given.hold_chars ?? 64, label: given.label ?? false, rules };
  } catch {
    return null;
  }
}

export interface Difference {
  kind: "added" | "removed" | "changed" | "moved";
  name: string;
  before: Rule | null;
  after: Rule | null;
}

const same = (one: Rule, other: Rule) => JSON.stringify(one) === JSON.stringify(other);

/** What the second policy does otherwise than the first; rules are known by name, and their order counts. */
export function differencesOf(before: PolicyBody, after: PolicyBody): Difference[] {
  const old = new Map(before.rules.map((rule) => [rule.name, rule]));
  const fresh = new Map(after.rules.map((rule) => [rule.name, rule]));
  const kept = before.rules.filter(({ name }) => fresh.has(name)).map(({ name }) => name);
  const keptNow = after.rules.filter(({ name }) => old.has(name)).map(({ name }) => name);
  const removed = before.rules.filter(({ name }) => !fresh.has(name)).map((rule): Difference => ({ kind: "removed", name: rule.name, before: rule, after: null }));
  const others = after.rules.flatMap((rule): Difference[] => {
    const was = old.get(rule.name);
    if (!was) return [{ kind: "added", name: rule.name, before: null, after: rule }];
    if (!same(was, rule)) return [{ kind: "changed", name: rule.name, before: was, after: rule }];
    return kept.indexOf(rule.name) === keptNow.indexOf(rule.name) ? [] : [{ kind: "moved", name: rule.name, before: was, after: rule }];
  });
  return [...removed, ...others];
}
