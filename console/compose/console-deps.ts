// What the process gives its console: the time, a logger, and the stack by which it is taken down.
import type { Clock } from '#shared/base/clock.ts';
import type { Logger } from '#shared/runtime/logger.ts';
import type { StopStack } from '#shared/runtime/stop-stack.ts';

export interface ConsoleDeps {
  clock: Clock;
  log: Logger;
  stack: StopStack;
}
