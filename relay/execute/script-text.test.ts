// What a script is told reaches it as data through every shell there is here, and its own text cannot end what it stands in.
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { ScriptShell } from '#shared/model/script-facts.ts';
import { powershellFaults } from '#test/fixtures/powershell-shape.ts';
import { shellSession } from '#test/fixtures/shell-session.ts';
import { injectionTexts } from '#test/security/injection-texts.ts';
import { scriptFor } from './script-text.ts';

const HASH = 'ab'.repeat(32);
const values = (list: readonly string[]) => new Map(list.map((value, n) => [`P${n}`, value]));
const wrap = (shell: ScriptShell, text: string, list: readonly string[] = []) =>
  scriptFor(shell, { text, values: values(list), hash: HASH });

async function run(script: string, argv = ['/bin/sh', '-s']) {
  const request = { script, timeoutMs: 20_000, maxOutputBytes: 1024 * 1024 };
  const ended = await shellSession(argv).run(request, new AbortController().signal);
  if (!ended.ok) throw new Error(ended.detail);
  const { stdout, stderr, end } = ended.value;
  return { out: Buffer.from(stdout).toString(), err: Buffer.from(stderr).toString(), end };
}

// NUL ends a word everywhere; no schema lets one in.
const TEXTS = injectionTexts('powershell', (n) => `touch /tmp/never-${n}`)
  .filter((text) => !text.includes('\0'))
  .slice(0, 120);
const PRINTS: Readonly<Partial<Record<ScriptShell, string>>> = {
  sh: TEXTS.map((_, n) => `printf '%s\\000' "$P${n}"`).join('\n'),
  bash: `for n in {0..${TEXTS.length - 1}}; do name=P$n; printf '%s\\0' "\${!name}"; done`,
  python3: `import os\nfor n in range(${TEXTS.length}):\n  print(os.environ[f"P{n}"], end="\\0")`,
};

test.each(['sh', 'bash', 'python3'] as const)('120 hostile values reach %s as they are', async (shell) => {
  const { out } = await run(wrap(shell, PRINTS[shell] ?? '', TEXTS));
  expect(out.split('\0').slice(0, -1)).toEqual(TEXTS);
});

test.each(['/bin/sh', '/bin/bash', '/bin/mksh'].filter((program) => existsSync(program)))(
  'bash and python3 are started by %s, end with their own code, and read no stdin of ours',
  async (program) => {
    const bash = await run(wrap('bash', 'cat; echo "$BASHPID" $(( 3 > 2 )); exit 7'), [program, '-s']);
    expect(bash).toMatchObject({ out: expect.stringMatching(/^\d+ 1\n$/), end: { kind: 'exit', code: 7 } });
    const python = await run(wrap('python3', 'import sys\nprint(sys.argv)\nsys.exit(3)'), [program, '-s']);
    expect(python.end).toEqual({ kind: 'exit', code: 3 });
  },
);

test('a script that holds the first words of its end goes on', async () => {
  const { out } = await run(wrap('bash', `cat <<'RMM_abab'\nin\nRMM_abab\necho RMM_${HASH}x`));
  expect(out).toBe(`in\nRMM_${HASH}x\n`);
});

test('65,536 characters are read whole', async () => {
  const text = `${'# a comment that fills the text\n'.repeat(2_040)}echo whole`;
  expect((await run(wrap('bash', text))).out).toBe('whole\n');
  expect((await run(wrap('python3', text.replace('echo whole', 'print("whole")')))).out).toBe('whole\n');
});

test('a device without the program says so', async () => {
  const { end, err } = await run(`PATH=/nowhere\n${wrap('python3', 'print(1)')}`);
  expect(end).toEqual({ kind: 'exit', code: 102 });
  expect(err).toContain('this device has no python3');
});

test('what goes to Windows is PowerShell with every text and value in one literal each', () => {
  const list = ["a'b\u2019; exit 9", '%PATH%', '$(x)'];
  for (const shell of ['powershell', 'cmd'] as const) {
    const script = wrap(shell, "param($x)\nWrite-Output 'it''s'\n", list);
    // Values may be of any script; ours is ASCII.
    expect(powershellFaults(script.replaceAll('\u2019', 'x'))).toEqual([]);
    expect(script).toContain("SetEnvironmentVariable('P0','a''b\u2019\u2019; exit 9')");
  }
  expect(wrap('cmd', 'echo 1\necho 2')).toContain('echo 1\r\necho 2\r\n');
});
