// Runs Debian's python3-winrm against a fake host. It asks OpenSSL for MD4, which only the legacy provider has: for that process alone.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export interface PythonJob {
  endpoint: string;
  transport: 'ntlm' | 'basic';
  user: string;
  password: string;
  encryption: 'auto' | 'always' | 'never';
  commands: ReadonlyArray<{ command: string; arguments: readonly string[] }>;
}

export interface PythonResult {
  runs: ReadonlyArray<{ stdout: string; stderr: string; code: number }>;
  /** Class of the exception that ended it. */
  error?: string;
  detail?: string;
}

const LEGACY_OPENSSL = `openssl_conf = openssl_init
[openssl_init]
providers = provider_sect
[provider_sect]
default = default_sect
legacy = legacy_sect
[default_sect]
activate = 1
[legacy_sect]
activate = 1
`;

export async function runPythonWinrm(job: PythonJob): Promise<PythonResult> {
  const folder = mkdtempSync(path.join(tmpdir(), 'rmm-pywinrm-'));
  try {
    const config = path.join(folder, 'openssl.cnf');
    writeFileSync(config, LEGACY_OPENSSL);
    const script = fileURLToPath(new URL('./python-winrm.py', import.meta.url));
    const child = spawn('/usr/bin/python3', ['-W', 'ignore', script], {
      env: { PATH: '/usr/bin:/bin', OPENSSL_CONF: config },
      stdio: ['pipe', 'pipe', 'pipe'],
      // 60 s: ten times what a run takes on a busy machine.
      timeout: 60_000,
    });
    let [out, errors] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      errors += chunk.toString();
    });
    child.stdin.end(JSON.stringify(job));
    await once(child, 'close');
    if (out === '') throw new Error(`python3-winrm said nothing: ${errors.slice(-500)}`);
    return JSON.parse(out) as PythonResult; // our own script wrote it
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
