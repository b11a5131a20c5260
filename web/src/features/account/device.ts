/** A browser's own long name, in two words. */

const SYSTEMS: [RegExp, string][] = [
  [/iPhone|iPad/, "iOS"],
  [/Android/, "Android"],
  [/Windows/, "Windows"],
  [/Mac OS/, "macOS"],
  [/Linux/, "Linux"],
];
const BROWSERS: [RegExp, string][] = [
  [/MicroMessenger/, "微信"],
  [/Edg\//, "Edge"],
  [/Firefox\//, "Firefox"],
  [/Chrome\//, "Chrome"],
  [/Safari\//, "Safari"],
];
const AGENT_CHARS_MAX = 40;

export function deviceOf(agent: string): string {
  const system = SYSTEMS.find(([shape]) => shape.test(agent))?.[1];
  const browser = BROWSERS.find(([shape]) => shape.test(agent))?.[1];
  return [browser, system].filter(Boolean).join(" · ") || agent.slice(0, AGENT_CHARS_MAX) || "—";
}
