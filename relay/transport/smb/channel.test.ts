// What a server may say to a channel without a network: hostile bytes end the connection, in time and by a typed fault.
import { expect, test } from 'vitest';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { Channel } from './channel.ts';
import { COMMAND, FRAME_BYTES, newRequest, writeFrameLength, writeHeader } from './header.ts';
import { newSigner } from './signing.ts';
import { SmbError } from './smb-fault.ts';

const NEVER = new AbortController().signal;

function rig() {
  const clock = new FakeClock();
  const channel = new Channel({ clock, replyMs: 1_000 });
  const written: Buffer[] = [];
  let isDestroyed = false;
  channel.attach({
    write: (parts) => written.push(Buffer.concat(parts)),
    destroy: () => {
      isDestroyed = true;
    },
  });
  const hear = (bytes: Buffer) => {
    for (let at = 0; at < bytes.length; ) {
      const count = bytes.copy(channel.room(), 0, at);
      at += count;
      channel.advance(count);
    }
  };
  const ask = (isPatient = false, signal: AbortSignal = NEVER) => {
    const { frame } = newRequest(4);
    const reply = channel.send({ command: COMMAND.echo, frame, isPatient }, signal);
    reply.catch(() => undefined);
    return reply;
  };
  return { channel, clock, written, hear, ask, isDestroyed: () => isDestroyed };
}

/** An answer to an echo; `length` is what the frame holds of it. */
function answer(messageId: number, { status = 0, flags = 1, length = 68 } = {}): Buffer {
  const { frame } = newRequest(4);
  const message = frame.subarray(FRAME_BYTES);
  const head = { command: COMMAND.echo, charge: 1, credits: 10, flags, messageId, treeId: 0, sessionId: 0n };
  writeHeader(message, head);
  message.writeUInt32LE(status, 8);
  writeFrameLength(frame, length);
  return frame.subarray(0, FRAME_BYTES + length);
}

test('an answer cut within its header ends the connection, and everybody who waits hears why', async () => {
  const { channel, hear, ask, isDestroyed } = rig();
  const reply = ask();
  hear(answer(0, { length: 60 }));
  await expect(reply).rejects.toMatchObject({ fault: 'malformed' });
  expect(isDestroyed()).toBe(true);
  await expect(ask()).rejects.toBe(channel.failure);
});

test('an interim answer behind a cancel brings no second one: two of one nonce would give the key of AES-GMAC away', async () => {
  const { channel, written, hear, ask } = rig();
  channel.protect({ isEncrypted: false, encryption: undefined, signer: newSigner('AES-GMAC', Buffer.alloc(16, 7)) });
  const stop = new AbortController();
  const reply = ask(true, stop.signal);
  await Promise.resolve();
  stop.abort();
  await expect(reply).rejects.toMatchObject({ fault: 'cancelled' });
  // STATUS_PENDING, as an answer that is asynchronous: nobody signs it, so whoever stands in between may send it late.
  hear(answer(0, { status: 0x103, flags: 3 }));
  const nonces = written.map((frame) => `${frame.readBigUInt64LE(28)} ${frame.readUInt16LE(16) === COMMAND.cancel}`);
  expect(nonces).toEqual(['0 false', '0 true']);
});

test('a fault of ours in what a peer made us do ends the connection, not the process', async () => {
  const { channel, hear, ask } = rig();
  channel.protect({
    isEncrypted: false,
    encryption: undefined,
    signer: {
      sign: () => undefined,
      verify: () => {
        throw new RangeError('ours');
      },
    },
  });
  const reply = ask();
  hear(answer(0, { flags: 9 }));
  await expect(reply).rejects.toMatchObject({ fault: 'malformed', cause: expect.any(RangeError) });
});

test('an answer to nothing that was asked is none', async () => {
  const { hear, ask } = rig();
  const reply = ask();
  hear(answer(7));
  await expect(reply).rejects.toMatchObject({ fault: 'malformed' });
});

test('what is not answered in time is late; word that it takes longer prolongs it once', async () => {
  const { clock, hear, ask } = rig();
  const reply = ask();
  await clock.advance(900);
  hear(answer(0, { status: 0x103, flags: 3 }));
  await clock.advance(900);
  hear(answer(0, { status: 0x103, flags: 3 }));
  let isLate = false;
  reply.catch((error: unknown) => {
    isLate = error instanceof SmbError && error.fault === 'timed-out';
  });
  await clock.advance(50);
  expect(isLate).toBe(false);
  await clock.advance(200);
  expect(isLate).toBe(true);
});

test('a watch may take for ever, while the server answers when asked whether it is there', async () => {
  const { channel, clock, hear, ask, written } = rig();
  const watch = ask(true);
  hear(answer(0, { status: 0x103, flags: 3 }));
  await clock.advance(2_000);
  expect(written).toHaveLength(2);
  hear(answer(1));
  await clock.advance(2_000);
  expect(written).toHaveLength(3);
  await clock.advance(1_100);
  await expect(watch).rejects.toMatchObject({ fault: 'timed-out' });
  expect(channel.failure?.fault).toBe('timed-out');
});

test('who stops hears at once, and what comes late is taken without harm', async () => {
  const { channel, hear, ask } = rig();
  const stop = new AbortController();
  const reply = ask(false, stop.signal);
  stop.abort();
  await expect(reply).rejects.toMatchObject({ fault: 'cancelled' });
  hear(answer(0));
  expect(channel.failure).toBeUndefined();
  const next = ask();
  hear(answer(1));
  expect((await next).header.status).toBe(0);
});
