// `bench -- files`: one large file up and down through console, relay and a line that is cut, to ten places; and over SMB of a real smbd.
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { openFiles, realmOf, withFiles } from '#console/cli/files-session.ts';
import { download, sourceOf } from '#console/cli/local-file.ts';
import { ChunkCache } from '#relay/files/chunk-cache.ts';
import { IdentityStore } from '#relay/pin/identity.ts';
import { SmbRemote } from '#relay/transport/smb/smb-remote.ts';
import { systemClock } from '#shared/base/clock.ts';
import { silentLogger } from '#shared/runtime/logger.ts';
import { StopStack } from '#shared/runtime/stop-stack.ts';
import { type FaultProxy, startProxy } from '#test/chaos/proxy.ts';
import { type TerminalHouse, terminalHouse } from '#test/e2e/terminal-rig.ts';
import { downloadThroughCuts, serveOver, uploadThroughCuts } from '#test/fixtures/file-kit.ts';
import { connectTo, got } from '#test/fixtures/smb-kit.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import { startSmbd } from '#test/peers/smbd.ts';
import type { Bench } from './bench.ts';
import { rounded } from './statistics.ts';

const MB = 1_000_000;

const sha256 = (content: Uint8Array) => createHash('sha256').update(content).digest('hex');
const secondsSince = (began: number) => rounded((performance.now() - began) / 1_000);

interface Plan {
  folder: string;
  bytes: number;
  cuts: number;
  places: number;
  say: (line: string) => void;
}

/** The house whose relay reaches its console over a line that can be cut, and is counted. */
async function houseBehindLine(onEnd: (stop: () => unknown) => void) {
  let wan: FaultProxy | undefined;
  const house = await terminalHouse(onEnd, async (relay, estate) => {
    const line = await startProxy({ target: { host: '127.0.0.1', port: estate.relayPort }, random: () => 0.5 });
    onEnd(() => line.stop());
    const identity = new IdentityStore(relay.data);
    if (identity.enrolment === undefined) throw new Error('the relay is not enrolled');
    identity.saveEnrolment({ ...identity.enrolment, linkPort: line.port });
    wan = line;
  });
  if (wan === undefined) throw new Error('no line');
  return { house, wan };
}

/** Cuts the line at even distances, so many times. */
function cutter(wan: FaultProxy, { bytes, cuts }: Plan) {
  let done = 0;
  return {
    at: (doneBytes: number) => {
      if (done >= cuts || doneBytes < ((done + 1) * bytes) / (cuts + 1)) return;
      done += 1;
      wan.cut();
    },
    done: () => done,
  };
}

/** SFTP of a real sshd: up through cuts, to ten places by a session each, and down through cuts. */
async function overSftp(house: TerminalHouse, wan: FaultProxy, plan: Plan) {
  const { context, target, relayKey } = house;
  const { folder, bytes, places, say } = plan;
  const there = path.join(folder, 'there');
  mkdirSync(there);
  const session = (isReadOnly = false) =>
    openFiles(context, { target, relayKey, isReadOnly, reason: 'bench', timeoutMs: 3_600_000 });
  const fileOf = async (name: string) => {
    const local = path.join(folder, name);
    const content = randomBytes(bytes);
    writeFileSync(local, content);
    const handle = await open(local);
    return { handle, hash: sha256(content), source: await sourceOf(handle, realmOf(context.data)) };
  };
  const hashes: boolean[] = [];
  const isThere = (name: string, hash: string) =>
    void hashes.push(sha256(readFileSync(path.join(there, name))) === hash);

  const first = await fileOf('first');
  const up = cutter(wan, plan);
  const upBegan = performance.now();
  await withFiles(context, await session(), (client) =>
    client.upload(`${there}/cut`, first.source, {
      onNews: ({ stage, doneBytes }) => stage === 'sent' && up.at(doneBytes),
    }),
  );
  isThere('cut', first.hash);
  say(`SFTP up through ${up.done()} cuts: ${secondsSince(upBegan)} s`);

  const down = cutter(wan, plan);
  const downBegan = performance.now();
  const back = path.join(folder, 'back');
  await withFiles(context, await session(true), (client) => download(client, `${there}/cut`, back, down.at));
  hashes.push(sha256(readFileSync(back)) === first.hash);
  say(`SFTP down through ${down.done()} cuts: ${secondsSince(downBegan)} s`);
  await first.handle.close();

  const second = await fileOf('second');
  const before = wan.stats().downBytes;
  const placesBegan = performance.now();
  for (let at = 0; at < places; at += 1) {
    await withFiles(context, await session(), (client) => client.upload(`${there}/${at}`, second.source));
    isThere(String(at), second.hash);
  }
  const wanRatio = (wan.stats().downBytes - before) / bytes;
  await second.handle.close();
  say(
    `${places} places, a session each: ${secondsSince(placesBegan)} s, ${rounded(wanRatio)} of the file over the line`,
  );
  return { hashes, cuts: up.done() + down.done(), wanRatio };
}

/** SMB of a real smbd, at the relay's service: what leads there from the console is the same. */
async function overSmb({ folder, bytes, cuts, say }: Plan) {
  const smbd = await startSmbd('signing');
  try {
    const connection = got(await connectTo(smbd));
    const files = new SmbRemote(connection, () => undefined);
    const cache = new ChunkCache({ folder: path.join(folder, 'chunks'), clock: systemClock, minFreeBytes: 0 });
    const serve = () => serveOver(files, cache, '/files');
    const content = randomBytes(bytes);
    const began = performance.now();
    const up = await uploadThroughCuts(serve, 'big.bin', content, cuts);
    const down = await downloadThroughCuts(serve, 'big.bin', bytes, cuts);
    say(`SMB up and down through ${cuts} cuts each: ${secondsSince(began)} s`);
    connection.close();
    const hash = sha256(content);
    const placed = sha256(readFileSync(path.join(smbd.folder, 'big.bin')));
    const hashes = [up.result.sha256, placed, sha256(down.content)].map((one) => one === hash);
    return { hashes, cuts: 2 * cuts - up.cutsLeft - down.cutsLeft };
  } finally {
    await smbd.stop();
  }
}

export const benchFiles: Bench = async ({ isQuick, say }) => {
  const started = performance.now();
  const ends = new StopStack({ clock: systemClock, log: silentLogger });
  const onEnd = (stop: () => unknown) => ends.add('part', async () => void (await stop()));
  await using temp = makeTempFolder('rmm-bench-files');
  try {
    const size = isQuick ? { bytes: 4 * MB, cuts: 1, places: 3 } : { bytes: 200 * MB, cuts: 5, places: 10 };
    const plan: Plan = { folder: temp.path, say, ...size };
    const smb = await overSmb(plan);
    const { house, wan } = await houseBehindLine(onEnd);
    const sftp = await overSftp(house, wan, plan);
    const hashes = [...sftp.hashes, ...smb.hashes];
    const figures = {
      fileMb: plan.bytes / MB,
      cuts: sftp.cuts + smb.cuts,
      compared: hashes.length,
      unequal: hashes.filter((isEqual) => !isEqual).length,
      wanRatio: rounded(sftp.wanRatio),
    };
    return { name: 'bench files', figures, durationMs: performance.now() - started };
  } finally {
    await ends.stop(5_000);
  }
};
