/** The server words its failures in Chinese; by their code the portal says the same in English. */

const ENGLISH: Record<string, string> = {
  bad_argument: "This cannot be done as it was asked. Please correct what you entered and try again.",
  bad_input: "This cannot be used as it is. Please correct it and try again.",
  bad_model: "The model or the request for it is not described correctly. Please correct it and try again.",
  blocked: "This does not meet the safety rules and was not answered. Please change it; if you think this is a mistake, give the number to the safety administrators.",
  conflict: "Somebody else changed this, or it exists already. Please reload and try again.",
  content_blocked: "This does not meet the safety rules and was not sent to the model. Please change it, or ask the safety administrators.",
  conversation_full: "This conversation is full. Please start a new one.",
  csrf: "The page is out of date. Please reload it and try again.",
  data_level_too_high: "No model may receive data of this level. Please ask the administrators of the models.",
  dependency_down: "A part of the service is not available. Please try again later or tell IT.",
  document_damaged: "The file is damaged and cannot be opened. Please save it again with its own program and upload it again.",
  document_dangerous: "The file holds macros or other content that is not accepted. Please save it without them.",
  document_empty: "The file holds no text.",
  document_encrypted: "The file is protected by a password. Please remove the protection and upload it again.",
  document_needs_ocr: "The file is a scan, and text recognition is not available here.",
  document_out_of_memory: "The file needs too much memory. Please split it.",
  document_timeout: "Reading the file takes too long. Please split it.",
  document_too_large: "The file is too large. Please split it.",
  document_unsupported: "Files of this kind cannot be read, or the ending of the name is wrong.",
  file_quarantined: "The file holds passwords or card secrets and was put aside. Please remove them and upload it again.",
  guard_lexicon: "The word list cannot be used as it is. Please correct it and try again.",
  guard_policy: "The policy cannot be used as it is. Please correct it and try again.",
  internal: "Something went wrong on our side; it is on record. Please try again, and report the request id if it happens again.",
  job_cancelled: "The task was cancelled.",
  ledger_broken: "The ledger does not verify. Please tell the audit administrators at once.",
  ledger_busy: "The ledger is busy. Please try again in a moment.",
  ledger_closed: "The service is stopping. Please try again in a moment.",
  ledger_person_erased: "The original was erased at the person's request and cannot be shown.",
  model_busy: "The model is busy. Please try again in a moment.",
  model_down: "The model does not answer. Please try again later or choose another one.",
  model_not_found: "There is no such model, or you may not use it.",
  model_refused: "The model's server refused the request.",
  model_too_slow: "The model takes too long. Please try again later or choose another one.",
  must_change_password: "Please set a new password first.",
  no_conversation: "The conversation is not there, or it is not shared with you.",
  not_allowed: "You are not allowed to do this, or it does not exist.",
  not_found: "It is not there, or you may not see it.",
  not_signed_in: "Please sign in again.",
  not_yours: "Only its owner may do this.",
  quota_spent: "The quota is used up. Please try again later or ask the administrators of the models.",
  same_person: "Who made it cannot approve it. Please ask another person.",
  second_person_needed: "A second person must approve this.",
  sign_in_locked: "Too many attempts. Please wait before you try again.",
  sign_in_refused: "The name or the password is not right.",
  still_answering: "The last question is still being answered. Please wait for it.",
  too_busy: "The service is very busy. Please try again in a moment.",
  too_large: "This is too large. Please make it smaller.",
  too_many_attachments: "There are too many files in this conversation.",
  too_many_shares: "This is shared with too many people already.",
  too_slow: "This took too long. Please try again later.",
  unsupported: "This is not supported here.",
  weak_password: "The password is too weak: at least 10 characters of two kinds, not a common one, without your name.",
};
const DETAILED = new Set(["bad_argument", "bad_input", "bad_model", "conflict", "guard_lexicon", "guard_policy", "weak_password"]);
const NUMBER = /\b[a-z]{2,4}_[0-9a-z]{16,}\b/;

/** What to show for a failure: the server's own words, or in English those of its code, with its number or details. */
export function failureWords(code: string, told: string): string {
  const own = ENGLISH[code];
  if (document.documentElement.lang !== "en" || own === undefined) return told;
  const detail = NUMBER.exec(told)?.[0] ?? (DETAILED.has(code) ? told : "");
  return detail ? `${own} (${detail})` : own;
}
