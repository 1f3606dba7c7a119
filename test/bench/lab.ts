// Is the lab fast enough to measure a relay with? Its devices log in, then answer the relay's poll script all at once.
import { linuxHotScript } from '#relay/collect/linux/hot-script.ts';
import type { LabDevice } from '#test/lab/lab.ts';
import { startLabProcess } from '#test/lab/lab-process.ts';
import { type Login, login, run } from '#test/lab/plain-client.ts';
import type { Bench } from './bench.ts';
import { processUse } from './process-meter.ts';
import { median, rounded } from './statistics.ts';

const NONCE = '00112233445566778899aabbccddeeff';
/** Logins at a time, as a relay would. */
const HANDSHAKES = 16;

async function loginAll(devices: readonly LabDevice[]): Promise<Login[]> {
  const logins: Login[] = [];
  const queue = [...devices];
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) logins.push(await login(next));
  };
  await Promise.all(Array.from({ length: HANDSHAKES }, worker));
  return logins;
}

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

async function sweep(logins: readonly Login[]): Promise<number> {
  const answers = await Promise.all(logins.map(({ client }) => run(client, linuxHotScript(NONCE))));
  return answers.filter(({ code, stdout }) => code !== 0 || !stdout.endsWith(`${NONCE} end\n`)).length;
}

export const benchLab: Bench = async ({ isQuick, say }) => {
  const startedAt = performance.now();
  const [devices, sweeps] = isQuick ? [40, 3] : [500, 5];
  await using lab = await startLabProcess({ devices, base: '127.21.0.1' });
  let logins: Login[] = [];
  const connectMs = await milliseconds(async () => {
    logins = await loginAll(lab.devices);
  });
  say(`${devices} devices connected in ${Math.round(connectMs)} ms`);
  const cpuBefore = processUse(lab.pid).cpuS;
  const times: number[] = [];
  let errors = 0;
  for (let i = 0; i < sweeps; i += 1) {
    times.push(
      await milliseconds(async () => {
        errors += await sweep(logins);
      }),
    );
  }
  const use = processUse(lab.pid);
  for (const { client } of logins) client.destroy();
  return {
    name: 'bench lab',
    figures: {
      devices,
      errors,
      connectMs: Math.round(connectMs),
      sweepMs: Math.round(median(times)),
      labCpuSPerSweep: rounded((use.cpuS - cpuBefore) / sweeps),
      labPeakRssMb: use.peakRssMb,
    },
    durationMs: performance.now() - startedAt,
  };
};
