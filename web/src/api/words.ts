/** What the client says by itself, when the server said nothing. */
import { defineWords } from "@/i18n";

export const useClientWords = defineWords(
  "client",
  {
    offline: "连接不上服务器。请检查网络；如果其他网页正常，请联系信息科技部。",
    broken: "服务器的回答不完整，请稍后再试；如果一再出现，请把请求编号告诉系统管理员。",
    cut: "连接中断，回答没有收全。请重试。",
  },
  {
    offline: "The server cannot be reached. Please check the network; if other sites work, contact IT.",
    broken: "The server's answer is incomplete. Please try again later; if it happens again, report the request id.",
    cut: "The connection broke before the answer was complete. Please try again.",
  },
);
