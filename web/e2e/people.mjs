/** People who come in with their first password or the next, and go where they work. */
import { Buffer } from "node:buffer";
import { openWindow, signIn, signInAgain } from "./browser.mjs";

export const file = (name, text) => ({ name, mimeType: "text/markdown", buffer: Buffer.from(text) });
const entered = new Set();

/** Sign in; the first time with the one-time password, if there is one. */
async function enter(page, person) {
  if (person.oneTime && !entered.has(person.login)) await signIn(page, person);
  else await signInAgain(page, person);
  entered.add(person.login);
}

export async function as(browser, url, person, options) {
  const page = await openWindow(browser, url, options);
  await enter(page, person);
  return page;
}

export async function settled(page) {
  await page.locator("#content h1").first().waitFor();
  await page.locator("#content .ant-skeleton").first().waitFor({ state: "detached" });
}

export async function visit(page, path) {
  await page.goto(path);
  await settled(page);
}
