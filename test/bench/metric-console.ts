// The console child of the metric benches: composed as in earnest, on a clock of the bench's speed.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { composeConsole } from '#console/compose/compose-console.ts';
import { ConsoleConfig } from '#console/config/console-config.ts';
import { createLogger } from '#shared/runtime/logger.ts';
import { StopStack } from '#shared/runtime/stop-stack.ts';
import { clockFrom, fastClock } from './fast-clock.ts';
import { LoopProcessor } from './loop-processor.ts';
import type { MetricConsoleReply, MetricConsoleRequest } from './metric-console-message.ts';

const NS_PER_MS = 1e6;
const rounded = (ns: number): number => Math.round(ns / NS_PER_MS / 0.1) * 0.1;

let stop: (() => Promise<void>) | undefined;
const delay = monitorEventLoopDelay({ resolution: 5 });
const processor = new LoopProcessor();

async function answer(request: MetricConsoleRequest): Promise<MetricConsoleReply> {
  switch (request.op) {
    case 'start': {
      const { speed, startsAt } = request;
      const clock = fastClock(speed, startsAt === undefined ? undefined : clockFrom(startsAt));
      const log = createLogger('bench console', 'warn');
      const stack = new StopStack({ clock, log });
      stop = () => stack.stop(10_000 * speed);
      const listen = { httpPort: 0, httpsPort: 0, relayPort: 0 };
      const config = ConsoleConfig.parse({ data: request.data, listen, names: ['127.0.0.1'] });
      await composeConsole(config, { clock, log, stack });
      return { op: 'done' };
    }
    case 'loop': {
      // Measured from the first question on: looking at the clock of its thread 200 times a second is a cost of its own.
      delay.enable();
      processor.start();
      const loop = { p99Ms: rounded(delay.percentile(99)), maxMs: rounded(delay.max) };
      delay.reset();
      return { op: 'loop', ...loop, ...processor.take() };
    }
    case 'stop':
      await stop?.();
      delay.disable();
      processor.stop();
      process.disconnect();
      return { op: 'done' };
  }
}

process.on('message', (message) => {
  // Our own parent speaks our own form.
  answer(message as MetricConsoleRequest).then(
    (reply) => process.connected && process.send?.(reply),
    (error: unknown) => process.send?.({ op: 'failed', error: String(error) } satisfies MetricConsoleReply),
  );
});
