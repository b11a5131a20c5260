/** Begins a conversation, from the home page or from the page of questions. */
import { App } from "antd";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate } from "react-router";
import { messageOf } from "@/api/client";
import { conversationKey, createConversation, type OpenConversation } from "./api";
import { ask } from "./asking";
import type { Asked } from "./QuestionBox";

/** Begins a conversation with its first question and opens it. */
export function useBegin() {
  const client = useQueryClient();
  const go = useNavigate();
  const { message } = App.useApp();
  const [beginning, setBeginning] = useState(false);
  const begin = async ({ files, ...question }: Asked): Promise<boolean> => {
    setBeginning(true);
    try {
      const created = await createConversation();
      const fresh: OpenConversation = {
        ...created,
        turns: [],
        turn_count: 0,
        earlier: false,
        attachments: [],
        may: ["read", "export", "ask", "rename", "share", "delete"],
      };
      client.setQueryData(conversationKey(created.id), fresh);
      void ask(client, created.id, question, files);
      await go(`/chat/${created.id}`);
      return true;
    } catch (error) {
      void message.error(messageOf(error));
      return false;
    } finally {
      setBeginning(false);
    }
  };
  return { begin, beginning };
}
