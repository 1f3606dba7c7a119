// Files through PowerShell: whole or not at all, whatever the machine answers. A few lines of ours stand for PowerShell.
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { RunRequest, RunResult } from '#relay/transport/transport.ts';
import { type Outcome, succeed } from '#shared/base/outcome.ts';
import { seededBytes } from '#test/fixtures/seeded-random.ts';
import { readOverPowershell, writeOverPowershell } from './winrm-files.ts';

const { signal } = new AbortController();
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

function machine() {
  const files = new Map<string, Buffer>();
  const ends: string[] = [];
  const one = (script: string, pattern: RegExp) => pattern.exec(script)?.[1] ?? '';
  const act = (script: string): { code: number; text?: string } => {
    const temporary = one(script, /\$t=\[IO\.Path\]::GetFullPath\('([^']+)'\)/);
    const target = one(script, /\$f=(?:\[IO\.Path\]::GetFullPath\()?'([^']+)'/);
    if (script.includes('FromBase64String')) {
      const held = files.get(temporary) ?? Buffer.alloc(0);
      if (held.length !== Number(one(script, /\$s\.Length -ne (\d+)/))) return { code: 43 };
      files.set(temporary, Buffer.concat([held, Buffer.from(one(script, /FromBase64String\('([^']*)'/), 'base64')]));
      return { code: 0 };
    }
    if (script.includes('-cne')) {
      const held = files.get(temporary) ?? Buffer.alloc(0);
      files.delete(temporary);
      if (sha256(held) !== one(script, /-cne '([0-9a-f]+)'/)) return { code: 43 };
      files.set(target, held);
      return { code: 0 };
    }
    if (script.includes('Delete(')) {
      files.delete(one(script, /Delete\(\[IO\.Path\]::GetFullPath\('([^']+)'/));
      return { code: 0 };
    }
    const held = files.get(target);
    if (held === undefined) return { code: 40 };
    const at = Number(one(script, /Seek\((\d+)/));
    const size = Number(one(script, /byte\[\] (\d+)/));
    return { code: 0, text: `${held.length} ${sha256(held)} ${held.subarray(at, at + size).toString('base64')}` };
  };
  const run = async ({ script }: RunRequest): Promise<Outcome<RunResult>> => {
    const { code, text = '' } = act(script);
    ends.push(String(code));
    const end = { kind: 'exit', code } as const;
    const stdout = Buffer.from(text);
    return succeed({ end, stdout, stderr: Buffer.alloc(0), isTruncated: false, hasOpenChild: false, durationMs: 1 });
  };
  return { files, ends, shell: { name: 'win', random: seededBytes(1), run } };
}

test('a megabyte goes there and back in parts, and nothing else is left beside it', async () => {
  const { files, shell } = machine();
  const content = Buffer.alloc(1_000_000, 'abc');
  expect(await writeOverPowershell(shell, 'C:\\Temp\\a.bin', content, signal)).toEqual(succeed(undefined));
  expect([...files.keys()]).toEqual(['C:\\Temp\\a.bin']);
  const back = await readOverPowershell(shell, 'C:\\Temp\\a.bin', 2_000_000, signal);
  expect(back.ok && Buffer.compare(Buffer.from(back.value), content)).toBe(0);
  expect(await readOverPowershell(shell, 'C:\\Temp\\a.bin', 999_999, signal)).toMatchObject({ reason: 'too-large' });
});

test('an empty file is a file', async () => {
  const { files, shell } = machine();
  expect(await writeOverPowershell(shell, 'C:\\e', new Uint8Array(), signal)).toEqual(succeed(undefined));
  expect(files.get('C:\\e')?.length).toBe(0);
  expect(await readOverPowershell(shell, 'C:\\e', 10, signal)).toMatchObject({ ok: true });
});

test('what is damaged on the way is never put in place', async () => {
  const { files, shell } = machine();
  const run: typeof shell.run = (request) =>
    shell.run({ ...request, script: request.script.replace(/FromBase64String\('..../, "FromBase64String('AAAA") });
  const written = await writeOverPowershell({ ...shell, run }, 'C:\\a', Buffer.from('something'), signal);
  expect(written).toMatchObject({ ok: false, reason: 'malformed' });
  expect(files.size).toBe(0);
});

test('a missing file, a file that changes and an answer that is none are told apart', async () => {
  const { files, shell } = machine();
  expect(await readOverPowershell(shell, 'C:\\no', 10, signal)).toMatchObject({ reason: 'refused' });
  files.set('C:\\log', Buffer.alloc(500_000, 1));
  let calls = 0;
  const growing: typeof shell.run = (request) => {
    calls += 1;
    if (calls === 2) files.set('C:\\log', Buffer.alloc(500_000, 2));
    return shell.run(request);
  };
  const changed = await readOverPowershell({ ...shell, run: growing }, 'C:\\log', 1_000_000, signal);
  expect(changed).toMatchObject({ reason: 'malformed', detail: 'win: the file changed while it was read' });
});

test('no quote that PowerShell knows ends a path early', async () => {
  const seen: string[] = [];
  const { shell } = machine();
  const run: typeof shell.run = (request) => {
    seen.push(request.script);
    return shell.run(request);
  };
  await readOverPowershell({ ...shell, run }, "C:\\o\u2019;Remove-Item 'x", 10, signal);
  expect(seen[0]).toContain("$f='C:\\o\u2019\u2019;Remove-Item ''x'");
});
