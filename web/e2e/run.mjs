/**
 * Runs the end-to-end scenarios against a running server: node e2e/run.mjs URL PEOPLE.json [--journeys FILE] [--shots FOLDER] [--only NAME,NAME].
 * People without `oneTime` in the file have changed their first password already.
 */
import { mkdirSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { launch, photographer } from "./browser.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { journeys: { type: "string", default: "scenarios" }, shots: { type: "string" }, only: { type: "string" } },
});
const [url, peopleFile] = positionals;
const people = JSON.parse(readFileSync(peopleFile, "utf8"));
if (values.shots) mkdirSync(values.shots, { recursive: true });
const { SCENARIOS } = await import(`./${values.journeys}.mjs`);
const browser = await launch();
const shoot = photographer(values.shots);
let failed = 0;
const first = people.teller?.oneTime ? ["signing in"] : [];
for (const [name, scenario] of Object.entries(SCENARIOS)) {
  if (values.only && ![...first, ...values.only.split(",")].includes(name)) continue;
  const started = performance.now();
  try {
    await scenario({ browser, url, people, shoot });
    process.stdout.write(`ok ${name} (${((performance.now() - started) / 1000).toFixed(1)} s)\n`);
  } catch (error) {
    failed += 1;
    process.stdout.write(`not ok ${name}\n  ${String(error.stack ?? error).replaceAll("\n", "\n  ")}\n`);
    for (const context of browser.contexts()) {
      const page = context.pages()[0];
      if (page && values.shots) await page.screenshot({ path: `${values.shots}/failed-${name.replaceAll(" ", "-")}.png` });
    }
  }
  for (const context of browser.contexts()) await context.close();
}
await browser.close();
process.exitCode = failed ? 1 : 0;
