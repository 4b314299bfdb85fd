// @ts-check
// Who looks at an inspector: a process that reads the whole stream of events, and does nothing with it.

/** `seq` of the last event that came. */
let seen = 0;
/** How often the inspector began anew, because it could not keep up with what it shows. */
let restarts = -1;
/** @type {{ seq: number, resolve(): void }[]} */
let waiting = [];

/** Resolves when the stream has begun. @param {string} url of the inspector */
export async function read(url) {
  const { body } = await fetch(new URL("/api/history", url));
  if (body === null) throw new Error("the inspector answered nothing");
  void take(body.pipeThrough(new TextDecoderStream()));
}

/** Resolves, with the number of restarts so far, when the event has come. @param {number} seq */
export async function until(seq) {
  if (seen < seq) await new Promise((resolve) => waiting.push({ seq, resolve: () => resolve(0) }));
  return restarts;
}

/** @param {ReadableStream<string>} texts */
async function take(texts) {
  let rest = "";
  for await (const text of texts) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line === "event: header") restarts++;
      if (line.startsWith("id: ")) arrived(Number(line.slice(4)));
    }
  }
}

/** @param {number} seq */
function arrived(seq) {
  seen = seq;
  for (const { resolve } of waiting.filter((one) => one.seq <= seen)) resolve();
  waiting = waiting.filter((one) => one.seq > seen);
}
