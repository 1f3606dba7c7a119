// A device behind a file queue, in TypeScript: the steps of Invoke-RmmJob.ps1, one for one, where PowerShell does not run. Reference, not product.
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { QueueFiles } from '#relay/transport/smb-queue/queue-share.ts';
import type { EpochMs } from '#shared/base/clock.ts';
import { fingerprintOf, judgeJob, type ReadJob } from './queue-judge.ts';

export interface Ran {
  end: { kind: 'exit'; code: number } | { kind: 'timed-out' | 'stopped' | 'too-large' };
  stdout?: string;
  stderr?: string;
  isTruncated?: boolean;
}

export interface QueueDeviceOptions {
  files: QueueFiles;
  /** X and Y of the pinned relay's key, base64url. */
  relayKey: string;
  lane?: 'monitor' | 'act';
  identity?: { smbiosUuid?: string; serial?: string; machineId?: string; macs?: string[] };
  hostname?: string;
  key?: KeyObject;
  now: () => EpochMs;
  /** Stands for PowerShell. */
  run: (script: string, job: ReadJob) => Promise<Ran> | Ran;
}

const NAME = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.(monitor|act)\.job$/;
const ANSWER_HEADER = Buffer.from('{"alg":"ES256","typ":"rmm-answer"}').toString('base64url');
const hexOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const never = new AbortController().signal;

export const newDeviceKey = (): KeyObject => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

export class QueueDevice {
  readonly point: Buffer;
  readonly fingerprint: string;
  /** Ids in the order in which they were run. */
  readonly ran: string[] = [];
  readonly refused: { id: string; why: string }[] = [];
  readonly #options: QueueDeviceOptions;
  readonly #key: KeyObject;
  readonly #seen = new Set<string>();
  #floor = 0;

  constructor(options: QueueDeviceOptions) {
    this.#options = options;
    this.#key = options.key ?? newDeviceKey();
    const { x = '', y = '' } = this.#key.export({ format: 'jwk' });
    this.point = Buffer.concat([Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]);
    this.fingerprint = fingerprintOf(this.point);
  }

  /** One look at the folder; gives how many jobs it claimed. */
  async look(): Promise<number> {
    const { files, lane = 'monitor' } = this.#options;
    const names: string[] = [];
    for await (const { name } of files.list('jobs', { maxEntries: 4_096 }, never)) names.push(name);
    let claimed = 0;
    for (const name of names.sort((a, b) => (a < b ? -1 : 1)).slice(0, 64)) {
      const [, id, ofLane] = NAME.exec(name) ?? [];
      if (id !== undefined && ofLane === lane && (await this.claim(name, id))) claimed += 1;
    }
    return claimed;
  }

  /** True for the one who got it. */
  async claim(name: string, id: string): Promise<boolean> {
    const { files } = this.#options;
    const moved = await files.rename(`jobs/${name}`, `claimed/${name}`, { isReplacing: false }, never);
    if (!moved.ok) return false;
    try {
      const read = await files.read(`claimed/${name}`, 1_048_577, never);
      if (read.ok) await this.#work(read.value, id);
      else await this.#refuse(id, 'too-large');
    } finally {
      await files.remove(`claimed/${name}`, never);
      await files.remove(`claimed/${id}.stop`, never);
    }
    return true;
  }

  async #work(bytes: Uint8Array, fileId: string): Promise<void> {
    const { relayKey, lane = 'monitor', identity = {}, now, run, hostname = 'WIN-LAB' } = this.#options;
    const asked = { fileId, lane, relayKey, deviceFingerprint: this.fingerprint, identity, now: now() };
    const judged = judgeJob(bytes, { ...asked, floor: this.#floor, seen: this.#seen });
    if (judged.why !== undefined) return this.#refuse(fileId, judged.why);
    const { job, script } = judged;
    this.#seen.add(job.id);
    this.#floor = Math.max(this.#floor, job.notBefore);
    this.ran.push(job.id);
    if (job.kind === 'hello') {
      const { smbiosUuid = null, serial = null, machineId = null, macs = [] } = identity;
      return this.#answer(job.id, {
        kind: 'hello',
        identity: { smbiosUuid, serial, boardSerial: null, machineId, macs },
        hostname,
      });
    }
    const startedAt = now();
    const { end, stdout = '', stderr = '', isTruncated = false } = await run(script.toString('utf8'), job);
    await this.#answer(job.id, { kind: 'ran', end, isTruncated, startedAt }, Buffer.from(stdout), Buffer.from(stderr));
  }

  #refuse(id: string, why: string): Promise<void> {
    this.refused.push({ id, why });
    return this.#answer(id, { kind: 'refused', why });
  }

  async #answer(job: string, stated: object, stdout = Buffer.alloc(0), stderr = Buffer.alloc(0)): Promise<void> {
    const bytes = this.answerText(job, stated, stdout, stderr);
    await this.#options.files.write(`done/${job}.answer`, bytes, { isReplacing: false }, never);
  }

  /** For tests that alter it. */
  answerText(job: string, stated: object, stdout: Buffer, stderr: Buffer): Buffer {
    const hashes = { stdoutSha256: hexOf(stdout), stderrSha256: hexOf(stderr) };
    const key = this.point.toString('base64url');
    const statement = { ...stated, v: 1, job, key, at: this.#options.now(), ...hashes };
    const body = `${ANSWER_HEADER}.${Buffer.from(JSON.stringify(statement)).toString('base64url')}`;
    const signature = sign('sha256', Buffer.from(body), { key: this.#key, dsaEncoding: 'ieee-p1363' });
    const lines = ['rmm-answer 1', `${body}.${signature.toString('base64url')}`];
    return Buffer.from([...lines, stdout.toString('base64'), stderr.toString('base64'), ''].join('\n'));
  }
}
