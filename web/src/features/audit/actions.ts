/** What the ledger's verbs mean, in words; a verb that is not known here stays as it is written. */
import { defineWords } from "@/i18n";

const ZH = {
  "knowledge.ingest": "文件入库", "knowledge.ingest_batch": "批量入库", "knowledge.answered": "作答", "knowledge.refused": "拒答",
  "knowledge.asked_back": "反问", "knowledge.feedback": "评价回答", "knowledge.feedback_settled": "处理评价",
  "knowledge.faq_saved": "保存问答", "knowledge.faq_removed": "删除问答", "knowledge.downloaded": "下载原件",
  "knowledge.document_changed": "修改文件负责人或复审日", "knowledge.correction_proposed": "提出更正", "knowledge.correction_refused": "不同意更正",
  "knowledge.collection_made": "建立资料库", "knowledge.collection_changed": "修改资料库",
  "knowledge.submitted": "提交审核", "knowledge.withdrawn": "撤回", "knowledge.returned": "退回", "knowledge.approved": "审核通过",
  "knowledge.published": "发布", "knowledge.archived": "归档", "knowledge.corrected": "更正",
  "identity.signed_in": "登录", "identity.sign_in_failed": "登录失败", "identity.session_ended": "退出登录",
  "identity.right_given": "授权", "identity.right_taken": "收回权限", "identity.level_set": "设定密级",
  "identity.post_added": "新增岗位", "identity.post_changed": "修改岗位", "identity.post_removed": "删除岗位",
  "identity.person_added": "新增人员", "identity.person_changed": "修改人员", "identity.person_enabled": "恢复人员", "identity.person_disabled": "停用人员",
  "identity.people_imported": "导入花名册", "identity.password_reset": "重设密码", "identity.password_changed": "修改密码",
  "identity.key_made": "建立密钥", "identity.key_withdrawn": "收回密钥",
  "identity.department_added": "新增部门", "identity.department_renamed": "部门改名", "identity.department_moved": "部门移动", "identity.department_removed": "删除部门",
  "conversation.shared": "共享对话", "conversation.unshared": "取消共享", "conversation.exported": "导出对话", "conversation.deleted": "删除对话", "conversation.attached": "对话里放入文件",
  "guard.blocked": "护栏拦截", "guard.review": "护栏转人工", "guard.warn": "护栏提醒", "guard.mask": "护栏遮盖",
  "guard.policy_approved": "同意策略", "guard.policy_refused": "不同意策略", "guard.lexicon_approved": "同意词库", "guard.lexicon_refused": "不同意词库",
  "guard.verdict_decided": "裁定", "guard.retired": "停用策略", "guard.policy_submitted": "提交策略", "guard.policy_drafted": "起草策略", "guard.lexicon_submitted": "提交词库",
  "gateway.quota_saved": "设置配额", "gateway.quota_removed": "取消配额", "gateway.model_saved": "保存模型", "gateway.model_removed": "移除模型",
  "gateway.endpoint_state": "改变模型服务状态", "gateway.cascade_chosen": "选定接力门槛", "gateway.stream_opened": "开始调用模型", "gateway.called": "调用模型", "gateway.failed": "调用模型失败", "gateway.blocked": "调用模型被拦截", "gateway.cancelled": "调用模型被取消",
  "audit.verified": "核对台账", "audit.read": "查看台账", "audit.exported": "导出台账", "audit.replayed": "重放回答", "audit.head_signed": "签名",
  "audit.archived": "台账归档", "audit.person_erased": "销毁个人密钥", "audit.original_read": "查看原文",
  "audit.setting_proposed": "提出审计设置", "audit.setting_approved": "同意审计设置", "audit.setting_refused": "不同意审计设置",
};

type Verb = keyof typeof ZH;

/** In English the verbs are words already: “identity.signed_in” is “signed in”. */
const EN = Object.fromEntries(
  Object.keys(ZH).map((verb) => [verb, (verb.split(".")[1] ?? verb).replaceAll("_", " ")]),
) as Record<Verb, string>;

const useVerbs = defineWords("audit.actions", ZH, EN);

const AREAS = { knowledge: "知识", conversation: "对话", identity: "人员与登录", guard: "安全", gateway: "模型", audit: "审计" } as const;
const useAreas = defineWords("audit.areas", AREAS, {
  knowledge: "Knowledge", conversation: "Conversations", identity: "People", guard: "Safety", gateway: "Models", audit: "Audit",
});

/** Every verb that is known, grouped by what it is about, to choose from. */
export function useActionChoices(): { label: string; options: { value: string; label: string }[] }[] {
  const t = useVerbs();
  const area = useAreas();
  return (Object.keys(AREAS) as (keyof typeof AREAS)[]).map((name) => ({
    label: area(name),
    options: (Object.keys(ZH) as Verb[]).filter((verb) => verb.startsWith(`${name}.`)).map((verb) => ({ value: verb, label: t(verb) })),
  }));
}

/** A function from a verb to its words. */
export function useActionWords(): (action: string) => string {
  const t = useVerbs();
  return (action) => (action in ZH ? t(action as Verb) : action);
}
