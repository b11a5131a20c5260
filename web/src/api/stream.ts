/** Server-sent events read over fetch, so that a question can be posted with its CSRF header. */
import { ApiError, send } from "./client";

export interface StreamEvent {
  event: string;
  data: unknown;
}

/** One `event:`/`data:` block, or null for a comment. */
export function parseEvent(block: string): StreamEvent | null {
  let event = "message";
  const data: string[] = [];
  for (const line of block.split("\n")) {
    if (line.startsWith("event:")) event = line.slice(6).trim();
    else if (line.startsWith("data:")) data.push(line.slice(5).trimStart());
  }
  return data.length ? { event, data: JSON.parse(data.join("\n")) } : null;
}

/** The events of a response, as they come. An `error` event is raised as ApiError, unless errors are events too. */
export async function* readEvents(body: ReadableStream<Uint8Array>, raising = true): AsyncGenerator<StreamEvent> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  let waiting = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      waiting += (value ?? "").replaceAll("\r\n", "\n");
      const blocks = waiting.split("\n\n");
      waiting = done ? "" : (blocks.pop() ?? "");
      for (const block of blocks) {
        const event = parseEvent(block);
        if (raising && event?.event === "error") throw asError(event.data);
        if (event) yield event;
      }
      if (done) return;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function asError(data: unknown): ApiError {
  const body = data as { code: string; message: string; request_id: string };
  return new ApiError(500, body.code, body.message, body.request_id);
}

/** Post and read the events of the answer. */
export async function* stream(
  path: string,
  body: unknown,
  signal: AbortSignal,
  raising = true,
): AsyncGenerator<StreamEvent> {
  const response = await send(path, { method: "POST", body, signal });
  if (response.body) yield* readEvents(response.body, raising);
}
