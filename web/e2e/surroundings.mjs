/** The portal in other surroundings: a phone, the dark, no server, English, a person's own settings. */
import { ask, assert, isSound, openWindow, PHONE, signInAgain } from "./browser.mjs";

const CASH = "单位结算卡能取现金吗";

async function onThePhone({ browser, url, people, shoot }) {
  const page = await openWindow(browser, url, { viewport: PHONE, phone: true });
  await page.goto("/");
  await page.getByLabel("登录名").waitFor();
  await shoot(page, "phone-login");
  await signInAgain(page, people.teller);
  await shoot(page, "phone-home");
  await isSound(page, "home on the phone");
  const card = await ask(page, CASH);
  await shoot(page, "phone-answer");
  await isSound(page, "answer on the phone");
  await card.getByRole("button", { name: /^打开依据 1/ }).first().click();
  await page.getByRole("region", { name: "原文" }).waitFor();
  await page.getByLabel("引用的位置").first().waitFor();
  await shoot(page, "phone-reader");
  await isSound(page, "reader on the phone");
  await page.getByRole("button", { name: "关闭原文" }).click();
  await page.getByRole("button", { name: "对话列表" }).click();
  await page.getByRole("link", { name: "新对话" }).first().waitFor();
  await shoot(page, "phone-conversations");
}

async function inTheDark({ browser, url, people, shoot }) {
  const page = await openWindow(browser, url, { dark: true });
  await page.goto("/");
  await page.getByLabel("登录名").waitFor();
  await isSound(page, "dark login");
  await signInAgain(page, people.teller);
  await shoot(page, "dark-home");
  await isSound(page, "dark home");
  const card = await ask(page, CASH);
  await card.getByRole("button", { name: /^打开依据 1/ }).first().click();
  await page.getByLabel("引用的位置").first().waitFor();
  await shoot(page, "dark-answer");
  await isSound(page, "dark answer");
}

async function withoutTheServer({ browser, url, people, shoot }) {
  const page = await openWindow(browser, url);
  await signInAgain(page, people.teller);
  await page.getByRole("link", { name: "问答" }).click();
  await page.getByRole("heading", { name: "想查哪一条规定？" }).waitFor();
  await page.context().setOffline(true);
  const box = page.getByRole("textbox", { name: "提问" });
  await box.fill("写了一半的问题");
  await box.press("Enter");
  await page.getByText("连接不上服务器").first().waitFor();
  assert((await box.inputValue()) === "写了一半的问题", "what was written is lost");
  await shoot(page, "offline");
  await page.context().setOffline(false);
}

async function inEnglish({ browser, url, people, shoot }) {
  const page = await openWindow(browser, url);
  await page.goto("/");
  await page.getByRole("button", { name: "English" }).click();
  await page.getByRole("button", { name: "Sign in", exact: true }).waitFor();
  await shoot(page, "english-login");
  await page.getByLabel("Login name").fill(people.teller.login);
  await page.getByLabel("Password", { exact: true }).fill(people.teller.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("heading", { name: /Hello/ }).waitFor();
  await shoot(page, "english-home");
  await isSound(page, "English home");
}

async function account({ browser, url, people, shoot }) {
  const page = await openWindow(browser, url);
  await signInAgain(page, people.teller);
  await page.goto("/account");
  await page.getByText("这台设备").waitFor();
  await shoot(page, "account");
  await isSound(page, "account");
  await page.goto("/nothing-here");
  await page.getByText("没有这个页面").waitFor();
  await shoot(page, "unknown-page");
}

export const SURROUNDINGS = {
  "on the phone": onThePhone,
  "in the dark": inTheDark,
  "without the server": withoutTheServer,
  "in English": inEnglish,
  account,
};
