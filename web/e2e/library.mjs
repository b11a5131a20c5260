/** The life of a document, end to end. */
import { ask, assert, isSound, openWindow, PHONE, signInAgain } from "./browser.mjs";
import { OFFICES } from "./offices.mjs";
import { as, file, settled, visit } from "./people.mjs";

/** Another one each time, so that the scenarios can be run again on the same server. */
const TITLE = `自助设备钞箱管理办法${Date.now() % 100_000}`;
const RULE = (days) => `# ${TITLE}

示银发〔2026〕88号

第一章 总则

第一条 为规范自助设备钞箱管理，防范现金风险，制定本办法。

第二条 本办法适用于全行自助设备钞箱的领用、装卸和清点。

第二章 清点

第三条 自助设备钞箱应当至少每${days}个工作日清点一次，由两人共同清点并签字。

第四条 清点发现差错的，应当于当日报告营业主管。

第三章 附则

第五条 本办法自2026年10月1日起施行。
`;
async function uploadAndSubmit({ browser, url, people, shoot }) {
  const page = await as(browser, url, people.maker);
  await page.getByRole("link", { name: "知识库" }).click();
  await page.getByRole("table").waitFor();
  await settled(page);
  await shoot(page, "knowledge");
  await isSound(page, "library");
  await page.getByRole("button", { name: "上传文件" }).click();
  const drawer = page.getByRole("dialog");
  await drawer.locator("input[type=file]").setInputFiles([file(`${TITLE}.md`, RULE(3)), file("压缩包.rar", "x"), file("空.md", "")]);
  await drawer.getByText("这种格式读不了").waitFor();
  await drawer.getByText("文件是空的").waitFor();
  await drawer.getByText("已读完", { exact: true }).waitFor();
  await shoot(page, "knowledge-upload");
  await isSound(page, "upload");
  await drawer.getByRole("link", { name: "打开" }).click();
  await page.getByRole("heading", { name: /^要素/ }).waitFor();
  await shoot(page, "document-draft");
  await isSound(page, "draft");
  await page.getByRole("button", { name: "全部确认" }).click();
  await page.getByText("系统读出，待确认").first().waitFor({ state: "detached" });
  await page.getByRole("button", { name: "提交审核" }).click();
  await page.getByRole("dialog").getByRole("textbox").fill("新办法，请审核。");
  await page.getByRole("dialog").getByRole("button", { name: "提交审核" }).click();
  await page.getByText("已提交审核，等待另一位同事").waitFor();
  await visit(page, "/review");
  await page.getByText("全部", { exact: true }).click();
  await page.getByText("这是您提交的，不能由您自己审核").waitFor();
  assert((await page.getByRole("button", { name: "通过并发布" }).count()) === 0, "the maker can approve");
  await shoot(page, "review-own");
  await isSound(page, "own submission");
}

async function approve(browser, url, people, shoot, name) {
  const page = await as(browser, url, people.checker);
  await visit(page, "/review");
  await page.getByRole("navigation", { name: "待审核的文件" }).getByRole("button").filter({ hasText: TITLE }).click();
  await page.getByRole("button", { name: "通过并发布" }).waitFor();
  await page.waitForTimeout(1_000);
  await settled(page);
  await shoot(page, name);
  await isSound(page, name);
  const comment = page.getByRole("textbox", { name: "审核意见" });
  await comment.fill("写了一半的意见");
  await page.reload();
  await page.getByRole("button", { name: "通过并发布" }).waitFor();
  await page.waitForTimeout(1_000);
  assert((await comment.inputValue()) === "写了一半的意见", "the comment is lost");
  await page.getByRole("button", { name: "通过并发布" }).click();
  await page.getByRole("button", { name: "撤销" }).click();
  await page.getByRole("heading", { name: TITLE }).waitFor();
  await page.waitForTimeout(1_000);
  await Promise.all([
    page.waitForResponse((response) => response.url().endsWith("/approve") && response.ok(), { timeout: 60_000 }),
    page.getByRole("button", { name: "通过并发布" }).click(),
  ]);
  return page;
}

async function publishByTwo({ browser, url, people, shoot }) {
  const checker = await approve(browser, url, people, shoot, "review");
  await checker.goto("/gaps");
  await settled(checker);
  await shoot(checker, "gaps");
  await isSound(checker, "gaps");
  const reader = await openWindow(browser, url);
  await signInAgain(reader, people.teller);
  const card = await ask(reader, "自助设备钞箱至少多久清点一次");
  await card.getByText(/个工作日清点一次/).first().waitFor();
  await shoot(reader, "answer-from-the-new-document");
  await visit(reader, "/knowledge");
  assert((await reader.getByRole("button", { name: "上传文件" }).count()) === 0, "a reader may upload");
}

async function newVersion({ browser, url, people, shoot }) {
  const page = await as(browser, url, people.maker);
  await visit(page, "/knowledge");
  await page.getByRole("searchbox", { name: "按标题、文号查找" }).fill("钞箱");
  await page.getByRole("link", { name: new RegExp(TITLE) }).first().click();
  await page.getByRole("button", { name: "上传新版本" }).waitFor();
  await page.locator("input[type=file]").first().setInputFiles(file("新版.md", RULE(5)));
  await page.getByText("新版本已读完").waitFor();
  await page.getByRole("tab", { name: /版本/ }).click();
  await page.getByRole("link", { name: "与上一版对照" }).waitFor();
  await shoot(page, "document-versions");
  await isSound(page, "versions");
  await page.getByRole("button", { name: "提交审核" }).first().click();
  await page.getByRole("dialog").getByRole("button", { name: "提交审核" }).click();
  await page.getByText("已提交审核，等待另一位同事").waitFor();
  await page.getByRole("link", { name: "与上一版对照" }).click();
  await page.locator("ins").first().waitFor();
  assert((await page.locator("ins").first().innerText()) === "5", "the change is not marked");
  await shoot(page, "diff");
  await isSound(page, "diff");
  const checker = await approve(browser, url, people, shoot, "review-changes");
  await checker.close();
}

async function aboutTheProduct({ browser, url, people, shoot }) {
  const page = await openWindow(browser, url);
  await signInAgain(page, people.teller);
  await visit(page, "/about");
  await shoot(page, "about");
  await isSound(page, "about the product");
}

async function answersOfTheHouse({ browser, url, people, shoot }) {
  const page = await as(browser, url, people.checker);
  await visit(page, "/knowledge/faq");
  await isSound(page, "answers of the house");
  await page.getByRole("button", { name: "添加问答" }).first().click();
  await page.getByRole("dialog").getByRole("textbox").first().waitFor();
  await shoot(page, "faq-editor");
  await isSound(page, "answer being written");
}

async function small({ browser, url, people, shoot }) {
  const page = await as(browser, url, people.maker, { viewport: PHONE, phone: true });
  for (const path of ["/knowledge", "/review", "/gaps", "/about"]) {
    await visit(page, path);
    await shoot(page, `phone${path.replaceAll("/", "-")}`);
    await isSound(page, `${path} on the phone`);
  }
  const dark = await as(browser, url, people.checker, { dark: true });
  for (const path of ["/knowledge", "/gaps", "/about"]) {
    await visit(dark, path);
    await shoot(dark, `dark${path.replaceAll("/", "-")}`);
    await isSound(dark, `${path} in the dark`);
  }
}

export const LIBRARY = {
  "upload and submit": uploadAndSubmit,
  "publish by two": publishByTwo,
  "new version": newVersion,
  ...OFFICES,
  "about the product": aboutTheProduct,
  "answers of the house": answersOfTheHouse,
  "library on small and dark screens": small,
};
