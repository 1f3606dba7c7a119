// Jobs as devices see them: the shared vectors, and what a relay writes, judged by the device's own steps.
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { jobKeyFrom } from '#relay/pin/job-key.ts';
import { judgeJob } from '#test/peers/queue-judge.ts';
import { INVOKE_RMM_JOB } from './invoke-rmm-job.ts';
import { jobHeader, jobText, MAX_SCRIPT_BYTES } from './job-text.ts';

interface Vectors {
  relayKey: string;
  relayKeyBlobHex: string;
  relayKeyId: string;
  device: { key: string; smbiosUuid: string; machineId: string };
  now: number;
  lane: string;
  fileId: string;
  floor: number;
  seen: string[];
  cases: { name: string; file: string; expect: string; fileId?: string; lane?: string; now?: number; floor?: number }[];
}

const file = path.resolve(import.meta.dirname, '..', '..', '..', 'test', 'fixtures', 'queue-jobs.json');
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vectors; // made by make-queue-jobs.ts
const { device, relayKey, cases, ...usual } = vectors;

test.each(cases)('a job $name: $expect', ({ file: text, expect: expected, name: _, ...unusual }) => {
  const ask = { ...usual, ...unusual, relayKey, deviceFingerprint: device.key, identity: device };
  const judged = judgeJob(Buffer.from(text, 'latin1'), { ...ask, seen: new Set(vectors.seen) });
  expect(judged.why ?? 'run').toBe(expected);
});

test('a file that is too large is refused before it is read', () => {
  const ask = { ...usual, relayKey, deviceFingerprint: device.key, identity: device, seen: new Set<string>() };
  expect(judgeJob(Buffer.alloc(1_048_577, 0x61), ask)).toEqual({ why: 'too-large' });
});

test('the longest script makes a file that a device still reads', () => {
  const key = jobKeyFrom(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
  const statement = { id: vectors.fileId, kind: 'run', lane: 'monitor', notBefore: 0, expiresAt: 1 } as const;
  const text = jobText(
    { ...statement, timeoutMs: 1, maxOutputBytes: 1, keepTruncated: false },
    'x'.repeat(MAX_SCRIPT_BYTES),
    key,
  );
  expect(text.length).toBeLessThan(1_048_576);
});

test('the script on the device rests on the same constants as the relay and the vectors', () => {
  expect(vectors.relayKeyBlobHex.slice(0, 16)).toBe('4543533120000000');
  expect(INVOKE_RMM_JOB).toContain('(0x45, 0x43, 0x53, 0x31, 0x20, 0, 0, 0)');
  const header = Buffer.from(jobHeader(vectors.relayKeyId), 'base64url').toString();
  const [before = '', after = ''] = header.split(vectors.relayKeyId);
  expect(INVOKE_RMM_JOB).toContain(`'${before}' + (Get-Fingerprint $RelayPoint) + '${after}'`);
  expect(INVOKE_RMM_JOB).toContain(`'rmm-job 1'`);
  expect(INVOKE_RMM_JOB).toContain(`'{"alg":"ES256","typ":"rmm-answer"}'`);
});

test('the script on the device knows each refusal that a relay reads, and no other', () => {
  const said = [
    ...INVOKE_RMM_JOB.matchAll(/(?:return|Write-Refusal \S+(?: \$file\))?|\(Get-JobId \$file\)) '([a-z-]+)'/g),
  ];
  const words = new Set(said.map(([, word]) => word));
  words.delete(undefined);
  const expected = [...cases.map((one) => one.expect), 'too-large', 'interrupted'];
  expect(words).toEqual(new Set(expected.filter((word) => word !== 'run')));
});

const written = (name: string) => new RegExp(`^\\$${name} = '([^']*)'`, 'm').exec(INVOKE_RMM_JOB)?.[1] ?? '';

test.each([
  ['.answer', true],
  ['.tmp', true],
  ['.stop', true],
  ['.act.job', true],
  ['.monitor.job.withdrawn', true],
  ['.dll', false],
  ['.answer.exe', false],
  ['.other.job', false],
])('of what is old the script removes what ends in %s: %s', (end, isRemoved) => {
  const name = new RegExp(`^${written('Id')}\\.(${written('Leftover')})$`);
  expect(name.test(`0198a2c4-0000-7000-8000-000000000001${end}`)).toBe(isRemoved);
  expect(name.test(`kernel32${end}`)).toBe(false);
  const [sweep = ''] = /function Clear-Leftovers[\s\S]*?\n}/.exec(INVOKE_RMM_JOB) ?? [];
  expect(sweep).toMatch(/-cnotmatch "\\A\$Id\\\.\(\$Leftover\)\\z"\) \{ continue \}\n[^\n]*\[IO\.File\]::Delete/);
});

test('the script looks where its folders lead before it takes, leaves or removes anything there', () => {
  const [, main = ''] = INVOKE_RMM_JOB.split("$Jobs = Join-Path $Queue 'jobs'");
  expect(main).toMatch(/Wait-Folders\nClear-Leftovers\n[\s\S]*while \(\$true\) \{\n {2}Wait-Folders\n {2}foreach/);
});
