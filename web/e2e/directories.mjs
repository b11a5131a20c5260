/** Signing in with the bank's own accounts: a directory (LDAP) and single sign-on (OpenID Connect), both real. */
import { assert, isSound, openWindow, PHONE, signIn } from "./browser.mjs";

const welcome = (page) => page.getByRole("heading", { name: /您好/ }).waitFor();

async function typed(page, { login, password }) {
  await page.getByLabel("登录名").fill(login);
  await page.getByLabel("密码", { exact: true }).fill(password);
  await page.getByRole("button", { name: "登录", exact: true }).click();
}

async function leave(page, name) {
  await page.getByRole("button", { name: new RegExp(name) }).click();
  await page.getByRole("menuitem", { name: "退出登录" }).click();
  await page.getByLabel("登录名").waitFor();
}

async function administratorFirst({ browser, url, people }) {
  const page = await openWindow(browser, url);
  await page.goto("/");
  await page.getByText("本系统密码").click();
  await signIn(page, people.admin, { opened: true });
}

async function byDirectory({ browser, url, people, shoot }) {
  const page = await openWindow(browser, url);
  await page.goto("/");
  await page.getByLabel("登录名").waitFor();
  assert(await page.getByRole("radio", { name: "行内统一账号" }).isChecked(), "the bank's own account is not the first choice");
  await shoot(page, "login-directories");
  await isSound(page, "sign-in with every way");
  await typed(page, { login: people.ldap.login, password: "别的密码" });
  await page.getByRole("alert").waitFor();
  assert((await page.getByLabel("密码", { exact: true }).inputValue()) === "", "a wrong password stays in its field");
  await isSound(page, "directory refuses");
  await typed(page, people.ldap);
  await welcome(page);
  await page.goto("/account");
  await page.getByText("您的密码由行内统一账号管理").waitFor();
  assert((await page.getByLabel("新密码", { exact: true }).count()) === 0, "a password of the directory can be changed here");
  await page.getByText("运营管理部").first().waitFor();
  await page.getByText("综合柜员").first().waitFor();
  await shoot(page, "account-directory");
  await isSound(page, "account of a directory person");
  await leave(page, people.ldap.name);
}

/** At the provider; what it shows is the provider's own page. */
async function approve(page, { login, password }) {
  await page.locator("input[name=login]").fill(login);
  await page.locator("input[name=password]").fill(password);
  await page.locator("button[type=submit]").click();
  await page.getByRole("button", { name: "Continue" }).click();
}

const bySingleSignOn = (page) => page.getByRole("link", { name: "用统一认证登录" }).click();

async function singleSignOn({ browser, url, people }) {
  const page = await openWindow(browser, url);
  await page.goto("/");
  await bySingleSignOn(page);
  await approve(page, people.oidc);
  await welcome(page);
  assert(new URL(page.url()).origin === url, `came back to ${page.url()}`);
  await page.goto("/account");
  await page.getByText("信息科技部").first().waitFor();
  await page.getByText("信息安全岗").first().waitFor();
  await leave(page, people.oidc.name);
  await bySingleSignOn(page);
  await welcome(page);
}

async function singleSignOnRefused({ browser, url, people, shoot }) {
  const page = await openWindow(browser, url);
  await page.goto("/");
  await bySingleSignOn(page);
  await page.getByRole("link", { name: /Cancel/ }).click();
  await page.getByRole("alert").waitFor();
  await isSound(page, "single sign-on given up");
  await page.goto("/login?error=请拨打骗子的电话");
  await page.getByRole("alert").waitFor();
  assert((await page.getByText("骗子").count()) === 0, "words of an address are shown as ours");

  const admin = await openWindow(browser, url);
  await admin.goto("/");
  await admin.getByText("本系统密码").click();
  await typed(admin, people.admin);
  await welcome(admin);
  await admin.goto("/admin/people");
  await admin.getByRole("button", { name: people.oidc.name }).click();
  await admin.getByRole("button", { name: "停用", exact: true }).click();
  const dialog = admin.getByRole("dialog", { name: /停用/ });
  await dialog.getByRole("combobox").fill(people.ldap.name);
  await admin.getByRole("option", { name: people.ldap.name }).waitFor({ state: "attached" });
  await dialog.getByRole("combobox").press("Enter");
  await dialog.getByRole("button", { name: "停用", exact: true }).click();
  await admin.getByText("已停用").first().waitFor();

  const again = await openWindow(browser, url);
  await again.goto("/");
  await bySingleSignOn(again);
  await approve(again, people.oidc);
  await again.getByRole("alert").filter({ hasText: "停用" }).waitFor();
  await shoot(again, "login-refused");
  await isSound(again, "single sign-on refused");
}

async function everyWayOnSmallAndDark({ browser, url, shoot }) {
  for (const [name, options] of [["phone", { viewport: PHONE, phone: true }], ["dark", { dark: true }]]) {
    const page = await openWindow(browser, url, options);
    await page.goto("/");
    await page.getByRole("link", { name: "用统一认证登录" }).waitFor();
    await shoot(page, `${name}-login-directories`);
    await isSound(page, `every way to sign in, ${name}`);
  }
}

export const SCENARIOS = {
  "the administrator's first password": administratorFirst,
  "signing in by directory": byDirectory,
  "single sign-on": singleSignOn,
  "single sign-on refused": singleSignOnRefused,
  "every way on small and dark screens": everyWayOnSmallAndDark,
};
