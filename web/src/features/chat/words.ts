/** Words of asking and answering. */
import { defineWords } from "@/i18n";
import { en } from "./words.en";
import { zh } from "./words.zh";

export const useChatWords = defineWords("chat", zh, en);
