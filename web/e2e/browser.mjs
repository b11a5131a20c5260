/** A browser for the end-to-end tests: Debian's Chromium, a person's window, accessibility and screenshots. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium } from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const SERIOUS = new Set(["serious", "critical"]);
export const DESK = { width: 1280, height: 800 };
export const WIDE = { width: 1920, height: 1080 };
export const PHONE = { width: 390, height: 844 };
const WAIT_MS = Number(process.env.YINSHU_E2E_WAIT_MS ?? 30_000);

export async function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
      "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ],
  });
}

/** A window of its own (cookies, storage); what the page logs as an error is collected. */
export async function openWindow(browser, url, { viewport = DESK, dark = false, phone = false } = {}) {
  const context = await browser.newContext({
    baseURL: url,
    viewport,
    locale: "zh-CN",
    colorScheme: dark ? "dark" : "light",
    hasTouch: phone,
    isMobile: phone,
    deviceScaleFactor: 1,
    permissions: ["clipboard-read", "clipboard-write"],
  });
  context.setDefaultTimeout(WAIT_MS);
  const page = await context.newPage();
  page.faults = [];
  page.on("console", (message) => {
    const { url: source } = message.location();
    if (source && !source.startsWith(url)) return;
    if (message.type() === "error" && !/status of (401|403|404|409|422|451)/.test(message.text())) page.faults.push(message.text());
  });
  page.on("pageerror", (error) => page.faults.push(String(error)));
  return page;
}

/** What fades in is read when it is there: half-way its contrast is nobody's choice. */
async function still(page) {
  await page.evaluate(async () => {
    const moving = document.getAnimations().filter(({ effect }) => effect.getComputedTiming().iterations !== Infinity);
    await Promise.allSettled(moving.map(({ finished }) => finished));
  });
}

/** Serious accessibility findings of what is shown. */
export async function findings(page) {
  await still(page);
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(async () => await window.axe.run(document, { resultTypes: ["violations"] }));
  return violations
    .filter(({ impact }) => SERIOUS.has(impact))
    .map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ html }) => html.slice(0, 160)).join(" | ")}`);
}

export function assert(truth, message) {
  if (!truth) throw new Error(message);
}

/** No serious findings, nothing logged as an error, nothing wider than the window. */
export async function isSound(page, place) {
  const found = await findings(page);
  assert(found.length === 0, `${place}: ${found.join("\n")}`);
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert(wider <= 0, `${place}: the page is ${wider} px wider than the window`);
  assert(page.faults.length === 0, `${place}: ${page.faults.join("\n")}`);
}

export function photographer(folder) {
  return async (page, name) => {
    if (!folder) return;
    await page.waitForTimeout(350);
    await page.screenshot({ path: join(folder, `${name}.png`) });
  };
}

/** Sign in with the one-time password and change it to `password`; `opened` says that the page to sign in at is there. */
export async function signIn(page, { login, oneTime, password }, { opened = false } = {}) {
  if (!opened) await page.goto("/");
  await page.getByLabel("登录名").fill(login);
  await page.getByLabel("密码", { exact: true }).fill(oneTime);
  await page.getByRole("button", { name: "登录", exact: true }).click();
  await page.getByRole("heading", { name: "请先改掉初始密码" }).waitFor();
  await page.getByLabel("现在的密码").fill(oneTime);
  await page.getByLabel("新密码", { exact: true }).fill(password);
  await page.getByLabel("再输入一次新密码").fill(password);
  await page.getByRole("button", { name: "改好并进入" }).click();
  await page.getByRole("heading", { name: /您好/ }).waitFor();
}

export async function signInAgain(page, { login, password }) {
  await page.goto("/");
  await page.getByLabel("登录名").fill(login);
  await page.getByLabel("密码", { exact: true }).fill(password);
  await page.getByRole("button", { name: "登录", exact: true }).click();
  await page.getByRole("heading", { name: /您好/ }).waitFor();
}

export async function ask(page, question) {
  const box = page.getByRole("textbox", { name: "提问" });
  await box.fill(question);
  await box.press("Enter");
  const article = page.getByRole("article", { name: "回答" }).last();
  await page.getByRole("heading", { name: question, exact: true }).last().waitFor();
  await page.locator("article[aria-busy=true]").waitFor({ state: "detached" });
  await article.waitFor();
  return article;
}
