// The console child of the import bench: composed as in earnest, and it says how long it stood still.
import { readFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { composeConsole } from '#console/compose/compose-console.ts';
import { ConsoleConfig } from '#console/config/console-config.ts';
import { systemClock } from '#shared/base/clock.ts';
import { silentLogger } from '#shared/runtime/logger.ts';
import { StopStack } from '#shared/runtime/stop-stack.ts';
import type { ImportReply, ImportRequest, Stalls } from './import-message.ts';

const NS_PER_MS = 1e6;
const TICK_MS = 5;

const rounded = (ms: number): number => Number(ms.toFixed(1));

/** Processor time of the thread that runs the loop: what collects garbage or packs an answer beside it holds nobody up. */
function loopCpuMs(): number {
  const [ns] = readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ');
  return Number(ns) / NS_PER_MS;
}

/** Measures the loop of this process until it is called; both ways see a turn as the gap between two ticks. */
function startStalls(): () => Stalls {
  const delay = monitorEventLoopDelay({ resolution: TICK_MS });
  delay.enable();
  let last = loopCpuMs();
  let longest = 0;
  const timer = setInterval(() => {
    const now = loopCpuMs();
    longest = Math.max(longest, now - last);
    last = now;
  }, TICK_MS);
  return () => {
    clearInterval(timer);
    delay.disable();
    return {
      stallMs: rounded(delay.max / NS_PER_MS),
      stallP99Ms: rounded(delay.percentile(99) / NS_PER_MS),
      stallCpuMs: rounded(longest),
    };
  };
}

const stack = new StopStack({ clock: systemClock, log: silentLogger });
let stalls = startStalls();

async function answer(request: ImportRequest): Promise<ImportReply> {
  switch (request.op) {
    case 'start': {
      const listen = { httpPort: 0, httpsPort: 0, relayPort: 0 };
      const config = ConsoleConfig.parse({ data: request.data, listen });
      await composeConsole(config, { clock: systemClock, log: silentLogger, stack });
      return { op: 'done' };
    }
    case 'measure':
      stalls();
      stalls = startStalls();
      return { op: 'done' };
    case 'measured':
      return { op: 'measured', ...stalls() };
    case 'stop':
      // 3 s: a bench keeps nothing.
      await stack.stop(3_000);
      process.disconnect();
      return { op: 'done' };
  }
}

process.on('message', (message) => {
  // Our own parent speaks our own form.
  answer(message as ImportRequest).then(
    (reply) => process.connected && process.send?.(reply),
    (error: unknown) => process.send?.({ op: 'failed', error: String(error) } satisfies ImportReply),
  );
});
