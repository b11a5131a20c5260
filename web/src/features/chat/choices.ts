/** The questions of an ask-back taken apart for reading: what differs stands out, what all share does not. */

export interface Choice {
  /** The question as it is asked. */
  question: string;
  /** The field it belongs to; "" when the question names none. */
  topic: string;
  matter: string;
  /** What every choice ends with. */
  tail: string;
}

const PART_CHARS_MIN = 2;

function sharedEnd(questions: readonly string[]): string {
  const [first = "", ...others] = questions;
  let size = 0;
  while (size < first.length && others.every((other) => other.at(-1 - size) === first.at(-1 - size))) size += 1;
  return first.slice(first.length - size);
}

export function readable(questions: readonly string[]): Choice[] {
  const end = questions.length > 1 ? sharedEnd(questions) : "";
  const whole = questions.some((question) => question.length - end.length < PART_CHARS_MIN);
  const tail = whole ? "" : end;
  return questions.map((question) => {
    const named = question.slice(0, question.length - tail.length);
    const cut = named.indexOf("的");
    const [topic, matter] = cut < 0 ? ["", named] : [named.slice(0, cut), named.slice(cut + 1)];
    const split = topic.length >= PART_CHARS_MIN && matter.length >= PART_CHARS_MIN;
    return { question, tail, topic: split ? topic : "", matter: split ? matter : named };
  });
}
