// `relay witness show, accept`: at the relay's own machine, what it remembers of the console's audit trail, and letting that go.
import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline/promises';
import { IdentityStore } from '#relay/pin/identity.ts';
import { WitnessStore } from '#relay/pin/witness-store.ts';
import type { Clock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import { inert } from '#shared/base/inert-text.ts';

const WORDS = 'let it go';

const BANNER = `
This relay holds on to the audit trail it has seen. Let it go only when you know why the
console's trail went back: it was restored from a backup, or it is another console now.
The next checkpoint that comes begins a new trail, whatever it says. It is told to the console.
`;

function open(data: string): WitnessStore {
  if (!existsSync(path.join(data, 'witness.db'))) throw new AppError('unavailable', `${data}: no relay has run here`);
  return WitnessStore.open(data);
}

const iso = (at: number): string => new Date(at).toISOString();

/** What a person compares with `rmm audit verify --witness`. */
export function showWitness(data: string): string {
  const store = open(data);
  try {
    const { pinned, newest, ended, refusals } = store;
    const { enrolment, certificate } = new IdentityStore(data);
    const held =
      pinned === undefined || newest === undefined
        ? ['no checkpoint yet']
        : [
            `trail of console ${pinned.console}`,
            `audit key ${pinned.keyId}`,
            `newest checkpoint: row ${newest.seq}, hash ${newest.hash}, ${iso(newest.at)}`,
            `${store.count} checkpoints since ${iso(pinned.beganAt)}`,
          ];
    const before =
      ended === undefined ? [] : [`${iso(ended.endedAt)} ${ended.by} let the former trail go: ${ended.reason}`];
    const refused = refusals.map(({ at, code, message }) => `refused ${iso(at)} ${code}: ${inert(message)}`);
    const self = `relay ${enrolment?.relay ?? 'not enrolled'}, key ${certificate?.keyId ?? 'none'}`;
    return [self, ...held, ...before, ...refused].join('\n');
  } finally {
    store.stop();
  }
}

/** Lets the trail go in the name of `by`; false when none was held. */
export function letGo(data: string, who: { by: string; reason: string }, clock: Clock): boolean {
  const store = open(data);
  try {
    return store.letGo(who.by, who.reason.slice(0, 500), clock.now());
  } finally {
    store.stop();
  }
}

/** Refuses whoever is not a person at a terminal of this machine; who may write the relay's files may do it. */
export async function acceptAtTerminal(data: string, reason: string, clock: Clock): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stderr.isTTY)
    throw new AppError('denied', 'this needs a person at a terminal of the relay’s own machine');
  process.stderr.write(BANNER);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const typed = await terminal.question(`type "${WORDS}" to go on: `);
    if (typed.trim() !== WORDS) throw new AppError('denied', 'nothing was done');
  } finally {
    terminal.close();
  }
  const behind = process.env['SUDO_USER'];
  const { username } = os.userInfo();
  const by = (behind === undefined ? username : `${behind} as ${username}`).slice(0, 200);
  return letGo(data, { by, reason }, clock);
}
