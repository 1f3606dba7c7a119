// Shares of states as a thin bar; the numbers beside it carry the meaning, the bar only helps the eye.
import type { DeviceStatus } from '#shared/model/device.ts';
import { STATUSES, totalOf } from './site-state.ts';

const FILLS: Readonly<Record<DeviceStatus, string>> = {
  down: 'bg-down',
  'identity-changed': 'bg-changed',
  unknown: 'bg-edge',
  up: 'bg-up',
};

/** One of 500 is seen too. */
const MIN_SHARE = 0.02;

export function StatusBar({ counts }: { counts: Readonly<Partial<Record<DeviceStatus, number>>> }) {
  const total = totalOf(counts);
  return (
    <span aria-hidden="true" className="status-bar">
      {STATUSES.map((status) => {
        const count = counts[status] ?? 0;
        return (
          count > 0 && (
            <span key={status} className={FILLS[status]} style={{ flexGrow: Math.max(MIN_SHARE, count / total) }} />
          )
        );
      })}
    </span>
  );
}
