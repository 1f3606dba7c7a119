// Logins that a program of this machine fetches when they are needed: the way to vaults of others. Nothing of a console names the program.
import { spawn } from 'node:child_process';
import { type Stats, statSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { Clock } from '#shared/base/clock.ts';
import type { DeviceId } from '#shared/base/id.ts';
import { fail, type Outcome, succeed } from '#shared/base/outcome.ts';
import type { Purpose } from '#shared/model/credential.ts';
import { FetchedLogin } from '#shared/model/fetched-login.ts';
import { startDeadline } from './deadline.ts';

/** What the program reads on standard input, as one JSON text. */
export interface HookAsk {
  hook: string;
  /** Name of the sealed login. */
  credential: string;
  purpose: Purpose;
  device: {
    id: DeviceId;
    name: string;
    transport: string;
    /** That answered, and whose host key was accepted. */
    address: string;
    hostKey: string;
  };
}

export interface Fetched {
  login: FetchedLogin;
  /** It was not asked for this time: when the device denies it, a new one may be right. */
  isKept: boolean;
}

interface LoginHooksDeps {
  clock: Clock;
  /** From the relay's own configuration: one program per hook. */
  folder: string;
  /** The relay's own user; its files may be the programs, and root's. */
  uid: number;
}

/** 10 s: a vault across a slow line answers; a poll has not waited for longer than its own time-out by then. */
export const HOOK_MS = 10_000;
/** 64 KiB: a private key is 3. */
const MAX_OUTPUT_BYTES = 64 * 1024;
/** However long a login says it holds: what was revoked elsewhere is not used for longer. */
const MAX_KEPT_MS = 15 * 60_000;
/** More than a relay has devices; at the bound all are fetched anew. */
const MAX_KEPT = 10_000;
/** Programs at once: a restart with hundreds of devices must not start hundreds of them. */
const MAX_AT_ONCE = 8;
/** The relay's own environment is no business of theirs. */
const HOOK_ENV = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/', LC_ALL: 'C' };

const HookAnswer = z.strictObject({
  user: z.string(),
  password: z.string().optional(),
  privateKey: z.string().optional(),
  /** Milliseconds UTC, or as ISO 8601 writes it. */
  expiresAt: z.union([z.int(), z.iso.datetime({ offset: true })]),
});

const failed = (why: string) => fail('credential-missing', `login could not be fetched: ${why}`);

export class LoginHooks {
  readonly #deps: LoginHooksDeps;
  /** `until` is of this process's own time: a clock that is set back keeps nothing for longer. */
  readonly #kept = new Map<string, { login: FetchedLogin; until: number }>();
  readonly #underWay = new Map<string, Promise<Outcome<FetchedLogin>>>();
  readonly #waiting: Array<() => void> = [];
  #running = 0;

  constructor(deps: LoginHooksDeps) {
    this.#deps = deps;
  }

  /** One question per device and login at a time; whoever asks meanwhile gets the same answer. */
  async fetch(ask: HookAsk): Promise<Outcome<Fetched>> {
    const key = keyOf(ask);
    const kept = this.#kept.get(key);
    if (kept !== undefined && kept.until > this.#deps.clock.monotonic())
      return succeed({ login: kept.login, isKept: true });
    this.#kept.delete(key);
    const underWay = this.#underWay.get(key) ?? this.#begin(key, ask);
    const outcome = await underWay;
    return outcome.ok ? succeed({ login: outcome.value, isKept: false }) : outcome;
  }

  /** A device has denied it: in a directory it was changed for all of them, and none may offer what was kept. */
  forget({ credential }: Pick<HookAsk, 'credential'>): void {
    for (const key of [...this.#kept.keys()]) if (key.split(' ')[1] === credential) this.#kept.delete(key);
  }

  #begin(key: string, ask: HookAsk): Promise<Outcome<FetchedLogin>> {
    const asked = this.#ask(key, ask).finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, asked);
    return asked;
  }

  async #ask(key: string, ask: HookAsk): Promise<Outcome<FetchedLogin>> {
    const file = path.join(this.#deps.folder, ask.hook);
    const unsafe = unsafeReason(file, this.#deps.uid);
    if (unsafe !== undefined) return failed(unsafe);
    await this.#enter();
    try {
      const said = await runHook(file, JSON.stringify({ v: 1, ...ask }), this.#deps.clock);
      return said.ok ? this.#read(key, ask.hook, said.value) : said;
    } finally {
      this.#running -= 1;
      this.#waiting.shift()?.();
    }
  }

  async #enter(): Promise<void> {
    if (this.#running >= MAX_AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#running += 1;
  }

  #read(key: string, hook: string, text: string): Outcome<FetchedLogin> {
    const { clock } = this.#deps;
    const now = clock.now();
    const answer = HookAnswer.safeParse(jsonOf(text));
    // No cause: what it printed may be the secret.
    if (!answer.success) return failed(`hook ${hook} did not answer in its form`);
    const { expiresAt, ...rest } = answer.data;
    const login = FetchedLogin.safeParse(rest);
    if (!login.success) return failed(`hook ${hook} gave no login: a user with a password or a private key`);
    const ends = typeof expiresAt === 'number' ? expiresAt : Date.parse(expiresAt);
    if (ends <= now) return failed(`hook ${hook} gave a login that has ended`);
    if (this.#kept.size >= MAX_KEPT) this.#kept.clear();
    this.#kept.set(key, { login: login.data, until: clock.monotonic() + Math.min(ends - now, MAX_KEPT_MS) });
    return succeed(login.data);
  }
}

/** Ids and names hold no blank. */
const whoOf = ({ credential, purpose, device }: HookAsk) => `${device.id} ${credential} ${purpose} `;

/** All that the program is told to decide by: a console that points the device elsewhere has it asked again. */
const keyOf = (ask: HookAsk) => `${whoOf(ask)}${ask.hook} ${ask.device.address} ${ask.device.hostKey}`;

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the cause may quote the secret
  }
}

const isOthers = ({ uid, mode }: Stats, own: number) => (uid !== 0 && uid !== own) || (mode & 0o022) !== 0;

/** Why a program is not run: whoever may write it, or its folder, would be given every login it fetches. */
function unsafeReason(file: string, uid: number): string | undefined {
  const [stat, folder] = [file, path.dirname(file)].map((at) => statSync(at, { throwIfNoEntry: false }));
  if (stat === undefined || folder === undefined) return `there is no hook ${file}`;
  if (!stat.isFile() || (stat.mode & 0o111) === 0) return `${file} is no program`;
  const bad = isOthers(stat, uid) ? file : isOthers(folder, uid) ? path.dirname(file) : undefined;
  return bad && `${bad} must belong to root or the relay's user, and nobody else may write it`;
}

/** What it printed; what it says on its other output may be a secret too, and is read by nobody. */
async function runHook(file: string, input: string, clock: Clock): Promise<Outcome<string>> {
  const name = path.basename(file);
  using deadline = startDeadline(clock, HOOK_MS, new AbortController().signal);
  const child = spawn(file, [], { detached: true, cwd: '/', env: HOOK_ENV, stdio: ['pipe', 'pipe', 'ignore'] });
  const parts: Buffer[] = [];
  let size = 0;
  let isOver = false;
  // Its children too: a shell script waits for the program it called.
  const kill = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // it has ended
    }
  };
  return await new Promise((resolve) => {
    const end = (outcome: Outcome<string>) => {
      if (isOver) return;
      isOver = true;
      kill();
      resolve(outcome);
    };
    deadline.signal.addEventListener('abort', () => end(failed(`hook ${name} gave none within ${HOOK_MS} ms`)), {
      once: true,
    });
    child.on('error', () => end(failed(`hook ${name} does not start`)));
    child.stdin.on('error', () => undefined); // it may end without reading
    child.stdout.on('data', (part: Buffer) => {
      size += part.length;
      if (size > MAX_OUTPUT_BYTES) end(failed(`hook ${name} printed more than ${MAX_OUTPUT_BYTES} bytes`));
      else parts.push(part);
    });
    child.on('close', (code) => {
      const how = code === null ? 'by a signal' : `with ${code}`;
      if (code === 0) end(succeed(Buffer.concat(parts).toString('utf8')));
      else end(failed(`hook ${name} ended ${how}`));
    });
    child.stdin.end(`${input}\n`);
  });
}
