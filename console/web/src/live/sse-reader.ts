// Reads server-sent events from the bytes of an answer: blocks of lines, of which ours carry one line of data and an id.

export interface SseBlock {
  data: string | undefined;
  id: string | undefined;
}

/** Blocks as they are complete; what ends in the middle of one never was an event. */
export async function* sseBlocks(bytes: ReadableStream<Uint8Array>): AsyncGenerator<SseBlock, void, undefined> {
  const reader = bytes.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const came = decoder.decode(value, { stream: true });
      // A thousand devices come in several pieces: what came before holds no end, so it is not looked through again.
      const hasEnd = came.includes('\n\n') || (came.startsWith('\n') && rest.endsWith('\n'));
      rest += came;
      if (!hasEnd) continue;
      const blocks = rest.split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) yield readBlock(block);
    }
  } finally {
    await reader.cancel().catch(() => undefined); // a connection that broke cannot be closed
  }
}

function readBlock(block: string): SseBlock {
  const read: SseBlock = { data: undefined, id: undefined };
  for (const line of block.split('\n')) {
    if (line.startsWith('data: ')) read.data = line.slice(6);
    else if (line.startsWith('id: ')) read.id = line.slice(4);
  }
  return read;
}
