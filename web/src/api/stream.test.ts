import { describe, expect, it } from "vitest";
import { parseEvent, readEvents } from "./stream";

function bodyOf(...parts: string[]): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    start(controller) {
      for (const part of parts) controller.enqueue(encoder.encode(part));
      controller.close();
    },
  });
}

async function all(body: ReadableStream<Uint8Array>) {
  const events = [];
  for await (const event of readEvents(body)) events.push(event);
  return events;
}

describe("server-sent events", () => {
  it("reads an event that comes in pieces, also within a character", async () => {
    const whole = new TextEncoder().encode('event: answer\ndata: {"text":"不得"}\n\n');
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const byte of whole) controller.enqueue(new Uint8Array([byte]));
        controller.close();
      },
    });
    expect(await all(body)).toEqual([{ event: "answer", data: { text: "不得" } }]);
  });

  it("keeps the order of several events", async () => {
    const events = await all(bodyOf('event: a\ndata: 1\n\nevent: b\ndata: 2\n\n', 'event: c\r\ndata: 3\r\n\r\n'));
    expect(events.map(({ event, data }) => [event, data])).toEqual([["a", 1], ["b", 2], ["c", 3]]);
  });

  it("raises an error event as a failure with its message", async () => {
    const body = bodyOf('event: error\ndata: {"code":"too_slow","message":"没有答完","request_id":"r"}\n\n');
    await expect(all(body)).rejects.toMatchObject({ code: "too_slow", message: "没有答完", requestId: "r" });
  });

  it("ignores comments that keep the line open", () => {
    expect(parseEvent(": still here")).toBeNull();
  });
});
