/** Measures the portal over loopback: first paint, interactive, layout shift, bundle. node e2e/speed.mjs URL PERSON.json */
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { launch, openWindow, signIn, signInAgain, ask } from "./browser.mjs";

const RUNS = Number(process.env.YINSHU_RUNS ?? 5);
const QUIET_MS = 1500;
const [url, personFile] = process.argv.slice(2);
const { teller } = JSON.parse(readFileSync(personFile, "utf8"));

/** Seconds and shifts of one load; interactive is when the page's own control can be used and no long task runs. */
async function load(page, address, ready) {
  await page.addInitScript(() => {
    window.measured = { shift: 0, lastLongTaskMs: 0 };
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.measured.shift += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
    new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries()) window.measured.lastLongTaskMs = startTime + duration;
    }).observe({ type: "longtask", buffered: true });
  });
  await page.goto(address);
  await page.locator(ready).waitFor();
  const readyMs = await page.evaluate(() => performance.now());
  await page.waitForTimeout(QUIET_MS);
  return page.evaluate((seen) => {
    const paint = performance.getEntriesByName("first-contentful-paint")[0];
    return {
      fcp_ms: Math.round(paint?.startTime ?? -1),
      interactive_ms: Math.round(Math.max(seen, window.measured.lastLongTaskMs < seen ? 0 : window.measured.lastLongTaskMs)),
      layout_shift: Number(window.measured.shift.toFixed(4)),
    };
  }, readyMs);
}

function median(rows, name) {
  const sorted = rows.map((row) => row[name]).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

async function measure(browser, name, address, ready, prepare) {
  const rows = [];
  for (let run = 0; run < RUNS; run += 1) {
    const page = await openWindow(browser, url);
    if (prepare) await prepare(page);
    rows.push(await load(page, address, ready));
    await page.context().close();
  }
  return {
    page: name,
    fcp_ms: median(rows, "fcp_ms"),
    interactive_ms: median(rows, "interactive_ms"),
    layout_shift: Math.max(...rows.map((row) => row.layout_shift)),
  };
}

/** Bytes, gzipped, of the scripts that the page names itself: what must be there before anything is drawn. */
async function mainBundle() {
  const page = await (await fetch(url)).text();
  let bytes = 0;
  for (const [, path] of page.matchAll(/(?:src|href)="(\/assets\/[^"]+\.js)"/g)) {
    bytes += gzipSync(Buffer.from(await (await fetch(url + path)).arrayBuffer()), { level: 9 }).length;
  }
  return bytes;
}

const browser = await launch();
if (teller.oneTime) await signIn(await openWindow(browser, url), teller);
const signedIn = (page) => signInAgain(page, teller);
const results = [
  await measure(browser, "login", "/", "input[name=login]"),
  await measure(browser, "home", "/", "textarea[name=question]", signedIn),
  await measure(browser, "chat", "/chat", "textarea[name=question]", signedIn),
];
const page = await openWindow(browser, url);
await signedIn(page);
await page.evaluate(() => {
  window.shift = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
  }).observe({ type: "layout-shift" });
});
await ask(page, "单位结算卡能取现金吗");
await page.waitForTimeout(QUIET_MS);
const answering = await page.evaluate(() => Number(window.shift.toFixed(4)));
await browser.close();
const report = { main_bundle_gzip_kb: Number(((await mainBundle()) / 1024).toFixed(1)), answering_layout_shift: answering, pages: results };
process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
