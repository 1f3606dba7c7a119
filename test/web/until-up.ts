// Waits until every device of a lab has answered once.
import type { Api } from '#console/cli/client.ts';
import { systemClock } from '#shared/base/clock.ts';

/** 180 s for 500 logins on a busy machine. */
const UP_MS = 180_000;

export async function untilUp(api: Api, count: number): Promise<void> {
  const until = systemClock.monotonic() + UP_MS;
  for (;;) {
    const { total } = await api.devices.list({ q: 'status:up', limit: 1, names: 'none' });
    if (total === count) return;
    if (systemClock.monotonic() > until) throw new Error(`${total} of ${count} devices are up`);
    await systemClock.sleep(500);
  }
}
