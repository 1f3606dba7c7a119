// Somebody between us and a real smbd: what they change is a typed failure, and no login leaves where they weakened it first.
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { connectTo, faultOf, got, NEVER } from '#test/fixtures/smb-kit.ts';
import { type Meddle, startSmbProxy } from '#test/fixtures/smb-proxy.ts';
import { type SmbdPeer, type SmbdSetting, startSmbd } from '#test/peers/smbd.ts';

const READ = 8;
const commandOf = (frame: Buffer) => frame.readUInt16LE(4 + 12);
const isPlain = (frame: Buffer) => frame.readUInt32LE(4) === 0x424d53fe;

/** One of each kind for all tests. */
const peers = new Map<SmbdSetting, Promise<SmbdPeer>>();
afterAll(async () => {
  for (const peer of peers.values()) await (await peer).stop();
});

function peerOf(setting: SmbdSetting): Promise<SmbdPeer> {
  const peer = peers.get(setting) ?? startSmbd(setting);
  peers.set(setting, peer);
  return peer;
}

async function through(setting: SmbdSetting, meddle: Meddle) {
  const peer = await peerOf(setting);
  const proxy = await startSmbProxy(peer.port, () => meddle);
  onTestFinished(() => proxy.stop());
  return { port: proxy.port, user: peer.user, password: peer.password };
}

/** Writes a file and reads it back. */
async function endOf(login: { port: number; user: string; password: string }, share = 'files'): Promise<string> {
  const connected = await connectTo(login);
  if (!connected.ok) return connected.fault;
  const tree = await connected.value.tree(share, NEVER);
  if (!tree.ok) return tree.fault;
  const written = await tree.value.write('x', Buffer.alloc(300_000, 7), { isReplacing: true }, NEVER);
  const read = written.ok ? await tree.value.read('x', 1e6, NEVER) : written;
  expect(connected.value.isOpen).toBe(read.ok);
  connected.value.close();
  return faultOf(read);
}

const toClient =
  (change: (frame: Buffer, index: number) => void): Meddle =>
  (frame, direction, index) => {
    if (direction === 'to-client') change(frame, index);
    return frame;
  };

const flip = (frame: Buffer, at: number) => {
  frame[at] = (frame[at] ?? 0) ^ 1;
};

test('nobody in between: all is well', async () => {
  expect(await endOf(await through('signing', (frame) => frame))).toBe('none');
});

test('one flipped bit in what is read', async () => {
  const meddle = toClient((frame) => {
    if (isPlain(frame) && commandOf(frame) === READ) flip(frame, frame.length - 1);
  });
  expect(await endOf(await through('signing', meddle))).toBe('bad-signature');
});

test('one flipped bit in what is encrypted', async () => {
  const meddle = toClient((frame) => {
    if (!isPlain(frame)) flip(frame, frame.length - 1);
  });
  expect(await endOf(await through('signing', meddle), 'sealed')).toBe('bad-signature');
  expect(await endOf(await through('at-most-3.0.2', meddle))).toBe('bad-signature');
});

test('signatures that are stripped', async () => {
  const meddle = toClient((frame) => {
    if (!isPlain(frame) || commandOf(frame) !== READ) return;
    frame.writeUInt32LE((frame.readUInt32LE(20) & ~8) >>> 0, 20);
    frame.fill(0, 52, 68);
  });
  expect(await endOf(await through('signing', meddle))).toBe('not-signed');
});

test('a plain answer instead of an encrypted one', async () => {
  let plain: Buffer | undefined;
  const meddle: Meddle = (frame, direction) => {
    if (direction === 'to-server') return frame;
    // The signed answer to the share, sent once more where an encrypted one is due, under the next message id.
    if (isPlain(frame)) {
      plain = Buffer.from(frame);
      return frame;
    }
    const forged = Buffer.from(plain ?? frame);
    forged.writeUInt16LE(5, 4 + 12);
    forged.writeUInt32LE(forged.readUInt32LE(4 + 24) + 1, 4 + 24);
    return forged;
  };
  expect(await endOf(await through('signing', meddle), 'sealed')).toBe('not-encrypted');
});

test('a negotiation of 3.1.1 with one changed bit ends before the session is used', async () => {
  // A byte of the server's id, which nothing else looks at.
  const meddle = toClient((frame, index) => {
    if (index === 0) flip(frame, 4 + 64 + 8);
  });
  expect(await endOf(await through('signing', meddle))).toBe('bad-signature');
});

test('3.1.1 taken out of our offer: the server tells on it', async () => {
  const meddle: Meddle = (frame, direction, index) => {
    if (direction === 'to-server' && index === 0) {
      // Two dialects instead of three, and no contexts.
      frame.writeUInt16LE(2, 4 + 64 + 2);
      frame.fill(0, 4 + 64 + 28, 4 + 64 + 36);
    }
    return frame;
  };
  expect(await endOf(await through('defaults', meddle))).toBe('downgraded');
});

test('an answer with an older dialect than was offered: no login leaves', async () => {
  let isOffered = false;
  const meddle = toClient((frame, index) => {
    if (index === 0) frame.writeUInt16LE(0x0210, 4 + 64 + 4);
  });
  const login = await through('defaults', meddle);
  const onOffer = () => {
    isOffered = true;
  };
  expect(faultOf(await connectTo(login, { onOffer }))).toBe('malformed');
  expect(isOffered).toBe(false);
});

test('a server that falls silent is late, and one that hangs up is lost', async () => {
  const silent = await through('signing', (frame, direction, index) =>
    direction === 'to-client' && index > 3 ? Buffer.alloc(0) : frame,
  );
  const connection = got(await connectTo(silent, { replyMs: 300 }));
  const tree = await connection.tree('files', NEVER);
  expect(tree.ok ? faultOf(await tree.value.stat('x', NEVER)) : tree.fault).toBe('timed-out');
  const cut = await through('signing', (frame, direction, index) =>
    direction === 'to-client' && index > 3 ? undefined : frame,
  );
  expect(await endOf(cut)).toBe('lost');
});
