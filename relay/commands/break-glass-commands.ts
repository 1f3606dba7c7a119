// `relay break-glass open, run, close`: for a person at the relay's own machine, on a terminal, when console or signers are away.
import { randomUUID } from 'node:crypto';
import { existsSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import { createInterface } from 'node:readline/promises';
import { answerFile, GlassAnswer, type GlassRequest, glassFolder, requestFile } from '#relay/execute/glass-drop.ts';
import { MAX_PERMIT_MS } from '#relay/pin/permit-store.ts';
import type { Clock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import { inertLines } from '#shared/base/inert-text.ts';
import { readPrivateFile, writePrivateFile } from '#shared/crypto/private-file.ts';
import { becomeOwnerOf } from './folder-owner.ts';

/** Distributes over the members of a union. */
type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
export type Asked = Without<GlassRequest, 'at' | 'by'>;

const LOOK_EVERY_MS = 200;
/** The relay looks each second. */
const ANSWER_MS = 15_000;
/** Once it has taken an order it works through its waves, and begins on nothing after the permit's end, an hour at most. */
const longestRun = (request: GlassRequest): number =>
  request.kind === 'run' ? MAX_PERMIT_MS + request.timeoutMs + ANSWER_MS : ANSWER_MS;
const WORDS = 'break the glass';

const BANNER = `
************************************************************************
*  BREAK-GLASS: orders without a signer's signature.                   *
*  All of it is recorded here and told to the console and its people   *
*  as a critical event, as soon as the link is there.                  *
************************************************************************
`;

/** Root, or the user the relay runs as: nobody else at this machine. */
export function checkUser(uid: number | undefined, folderUid: number): void {
  if (uid !== 0 && uid !== folderUid)
    throw new AppError('denied', 'only root or the user of this relay may break the glass');
}

/** Who asks, for the record: what this machine knows of the person. */
function whoAsks(): string {
  const { username } = os.userInfo();
  const behind = process.env['SUDO_USER'];
  return (behind === undefined ? username : `${behind} as ${username}`).slice(0, 200);
}

async function confirm(): Promise<void> {
  process.stderr.write(BANNER);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const typed = await terminal.question(`type "${WORDS}" to go on: `);
    if (typed.trim() !== WORDS) throw new AppError('denied', 'nothing was done');
  } finally {
    terminal.close();
  }
}

/** Refuses whoever is not a person at a terminal of this machine, before anything is written. */
export async function askAtTerminal(data: string, asked: Asked, clock: Clock): Promise<GlassAnswer> {
  if (!process.stdin.isTTY || !process.stderr.isTTY)
    throw new AppError('denied', 'break-glass needs a person at a terminal of the relay’s own machine');
  const { uid } = statSync(glassFolder(data), { throwIfNoEntry: false }) ?? {};
  if (uid === undefined) throw new AppError('unavailable', `${data}: no relay has run here`);
  checkUser(process.getuid?.(), uid);
  const by = whoAsks();
  if (asked.kind !== 'close') await confirm();
  await becomeOwnerOf(glassFolder(data));
  return ask(data, { ...asked, at: clock.now(), by }, clock);
}

/** Drops the request and waits for the answer of the running relay. */
export async function ask(data: string, request: GlassRequest, clock: Clock): Promise<GlassAnswer> {
  const id = randomUUID();
  writePrivateFile(requestFile(data, id), JSON.stringify(request));
  const file = answerFile(data, id);
  const began = clock.monotonic();
  const waited = () => clock.monotonic() - began;
  while (waited() < (existsSync(requestFile(data, id)) ? ANSWER_MS : longestRun(request))) {
    const text = readPrivateFile(file);
    if (text !== undefined) {
      rmSync(file, { force: true });
      return GlassAnswer.parse(JSON.parse(text));
    }
    await clock.sleep(LOOK_EVERY_MS);
  }
  rmSync(requestFile(data, id), { force: true });
  throw new AppError('timed-out', 'the relay does not answer: is it running on this data folder?');
}

export function show({ ok, text, expiresAt }: GlassAnswer): void {
  const end = expiresAt === undefined ? '' : `\nTHE GLASS IS BROKEN until ${new Date(expiresAt).toISOString()}`;
  process.stderr.write(`${end}\n`.trimStart());
  process.stdout.write(`${inertLines(text)}\n`);
  if (!ok) throw new AppError('conflict', 'it did not succeed');
}
