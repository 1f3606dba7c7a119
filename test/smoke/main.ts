// The smoke run of CI: `npm start` exactly as a newcomer types it, until this machine is seen live; then Ctrl-C.
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { apiClient } from '#console/cli/client.ts';
import { loadProfile } from '#console/cli/profile.ts';
import { PROJECT } from '#test/architecture/source-files.ts';
import { freePort, processesNaming } from '#test/e2e/running-up.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';

const READY_MS = 240_000;
const LIVE_MS = 15_000;
const STOP_MS = 5_000;

function check(isTrue: boolean, what: string): void {
  if (!isTrue) throw new Error(`smoke: ${what}`);
  process.stdout.write(`smoke: ${what}: yes\n`);
}

async function main(): Promise<void> {
  await using folder = makeTempFolder('rmm-smoke');
  const [http, https, relay] = await Promise.all([freePort(), freePort(), freePort()]);
  const ports = ['--http-port', `${http}`, '--https-port', `${https}`, '--relay-port', `${relay}`];
  // A group of its own, so that Ctrl-C reaches what a terminal's would: npm and everything below it.
  const child = spawn('npm', ['start', '--', '--data', folder.path, ...ports], {
    cwd: PROJECT,
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const group = child.pid;
  if (group === undefined) throw new Error('smoke: npm did not start');
  try {
    let text = '';
    child.stdout.on('data', (part: Buffer) => {
      text += part.toString();
    });
    const readyBy = performance.now() + READY_MS;
    while (
      !/console ready\nhttp:\/\/localhost:\d+\/sign-in#\S+\n/.test(text) &&
      performance.now() < readyBy &&
      child.exitCode === null
    )
      await sleep(200);
    check(text.includes('console ready'), 'it prints "console ready" and a one-time link');
    const api = apiClient(await loadProfile({ data: folder.path }, {}));
    const liveBy = performance.now() + LIVE_MS;
    const isLive = async () =>
      (await api.devices.list({})).items[0]?.latest.some((r) => r.name === 'cpu.used_ratio' && r.value !== null) ===
      true;
    while (!(await isLive()) && performance.now() < liveBy) await sleep(250);
    check(await isLive(), 'this machine is seen live within 15 s');
    const page = await fetch(`http://localhost:${http}/`);
    check(page.ok && (await page.text()).includes('<div id="root">'), 'the page is served');
    const before = performance.now();
    process.kill(-group, 'SIGINT');
    await Promise.race([exited, sleep(STOP_MS)]);
    check(
      child.exitCode !== null || child.signalCode !== null,
      `Ctrl-C ends it within 5 s (${Math.round(performance.now() - before)} ms)`,
    );
    await sleep(200);
    check((await processesNaming(folder.path)).length === 0, 'nothing is left behind');
  } finally {
    if (child.exitCode === null && child.signalCode === null) process.kill(-group, 'SIGKILL');
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
