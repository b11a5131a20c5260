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
  /** The one channel, or application, that it is for; "*" for all. */
  channel: string;
  application: string;
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
      name: String(rule.name ?? ""),
      match: String(rule.match ?? ""),
      action: String(rule.action ?? ""),
      directions: Array.isArray(rule.directions) ? rule.directions.map(String) : ["in", "out", "data"],
      min_severity: rule.min_severity ?? "low",
      min_score: rule.min_score ?? 0,
    }));
    const { name = "", audience = "", channel = "*", application = "*", hold_chars = 64, label = false } = given;
    return { name, audience, channel, application, hold_chars, label, rules };
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

/** The rules by name; one of a name that another has already is known by its number too, so that none hides another. */
function keyed(rules: readonly Rule[]): Map<string, Rule> {
  const times = new Map<string, number>();
  return new Map(
    rules.map((rule) => {
      const time = (times.get(rule.name) ?? 0) + 1;
      times.set(rule.name, time);
      return [JSON.stringify([rule.name, time]), rule];
    }),
  );
}

/** What the second policy does otherwise than the first; rules are known by name, and their order counts. */
export function differencesOf(before: PolicyBody, after: PolicyBody): Difference[] {
  const old = keyed(before.rules);
  const fresh = keyed(after.rules);
  const kept = [...old.keys()].filter((key) => fresh.has(key));
  const keptNow = [...fresh.keys()].filter((key) => old.has(key));
  const removed = [...old].filter(([key]) => !fresh.has(key)).map(([, rule]): Difference => ({ kind: "removed", name: rule.name, before: rule, after: null }));
  const others = [...fresh].flatMap(([key, rule]): Difference[] => {
    const was = old.get(key);
    if (!was) return [{ kind: "added", name: rule.name, before: null, after: rule }];
    if (!same(was, rule)) return [{ kind: "changed", name: rule.name, before: was, after: rule }];
    return kept.indexOf(key) === keptNow.indexOf(key) ? [] : [{ kind: "moved", name: rule.name, before: was, after: rule }];
  });
  return [...removed, ...others];
}
