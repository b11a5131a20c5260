/** What an entry holds, as lines that can be read: nested values are laid flat, known names are put in words. */
import { defineWords } from "@/i18n";

const ZH = {
  as_of: "按哪天的规定", collections: "资料库", confidence: "把握", evidence: "依据", evidence_versions: "依据的版本",
  model: "模型", model_version: "模型版本", refusal: "拒答原因", result_digest: "结果摘要", prompt_digest: "提示语摘要", right: "凭什么权限",
  status: "结果", verified: "逐句核验", application: "应用", attempts: "尝试次数", capability: "用途", cost_cny: "费用（元）", data_level: "数据级别",
  department: "部门", endpoint: "服务地址编号", guard: "护栏判定", latency_ms: "耗时（毫秒）", streamed: "流式", tokens_estimated: "词元是估计的",
  tokens_in: "输入词元", tokens_out: "输出词元", method: "方式", session: "会话", what: "内容", note: "说明", login: "登录名", name: "名称",
  src_endpoint: "来自", "src_endpoint.ip": "来源地址", "src_endpoint.channel": "来源渠道", "src_endpoint.request_uid": "请求编号", question: "提问",
  query: "查询条件", records: "条数", value: "值", reason: "原因", comment: "意见", title: "标题", file: "文件", roles: "角色", level: "密级",
};
type Field = keyof typeof ZH;
const EN = Object.fromEntries(Object.keys(ZH).map((name) => [name, name.replaceAll("_", " ").replace(".", " · ")])) as Record<Field, string>;

const useFields = defineWords("audit.fields", ZH, EN);

/** A value of a payload as one line of text. */
export function lineOf(value: unknown): string {
  if (typeof value === "string") return value;
  return value === undefined ? "" : JSON.stringify(value);
}

/** Name and line of everything in a payload; objects give their own lines, nothing empty is shown. */
export function linesOf(payload: Record<string, unknown>, before = ""): [name: string, line: string][] {
  return Object.entries(payload).flatMap(([name, value]): [string, string][] => {
    const path = before + name;
    if (value === null || value === "" || (Array.isArray(value) && value.length === 0)) return [];
    if (typeof value === "object" && !Array.isArray(value)) return linesOf(value as Record<string, unknown>, `${path}.`);
    if (Array.isArray(value) && value.every((one) => typeof one === "string")) return [[path, value.join("\n")]];
    return [[path, lineOf(value)]];
  });
}

/** A function from the name of a value to words. */
export function useFieldWords(): (name: string) => string {
  const t = useFields();
  return (name) => (name in ZH ? t(name as Field) : name);
}
