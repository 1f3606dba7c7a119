// Shipped checks on numbers that polls and scripts say: warnings are `medium`; the worse limit is `critical` where something breaks, else `high`.
import type { Check, Condition, Limits } from '#shared/model/check.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;

/** What passes within five minutes by itself is nobody's night. */
const HELD_MS = 5 * MINUTE;
/** Of a ratio: five parts in a hundred on the good side, so that a value on the edge does not flap. */
const RATIO_MARGIN = 0.05;

interface Described {
  name: string;
  advice: string;
  type?: Check['type'];
  isOn?: boolean;
  fits?: string;
}

const series = (id: string, described: Described, when: Condition): Check => ({
  ...{ id, type: 'performance', isOn: true },
  ...described,
  when,
});

const above = (name: string, limits: Limits, margin: number, forMs = HELD_MS): Condition => ({
  ...{ kind: 'threshold', series: name, above: true, limits, forMs, margin },
});

/** Errors are counted a minute by people and a second by series. */
const aMinute = (count: number): number => count / 60;
const ERROR_LIMITS: Limits = { medium: aMinute(100), high: aMinute(1_000) };

export const SERIES_CHECKS: readonly Check[] = [
  series(
    'cpu.used',
    {
      name: 'Processor in use',
      advice: 'See which processes use it. If it is always so, the machine is too small for its work.',
    },
    above('cpu.used_ratio', { medium: 0.8, high: 0.95 }, RATIO_MARGIN),
  ),
  series(
    'memory.used',
    {
      name: 'Memory in use',
      advice: 'See which processes hold it. Without memory the system ends processes by itself.',
    },
    above('memory.used_ratio', { medium: 0.85, critical: 0.95 }, RATIO_MARGIN),
  ),
  series(
    'disk.free',
    {
      name: 'Room on a filesystem',
      type: 'health',
      advice:
        'Delete or move what is not needed, or make the filesystem larger. Databases and logs stop at the end of it.',
    },
    // 20 % and 10 % free. Files come and go in percents: two are enough.
    above('filesystem.used_ratio', { medium: 0.8, critical: 0.9 }, 0.02),
  ),
  series(
    'disk.queue',
    {
      name: 'Requests waiting for a disk',
      advice: 'See what reads and writes so much. A disk that is always behind is too slow, or fails.',
    },
    above('disk.queue', { medium: 10, high: 20 }, 1),
  ),
  series(
    'disk.latency',
    {
      name: 'Time a disk takes for a request',
      advice: 'Look at its health and at what else uses the storage behind it.',
    },
    above('disk.latency', { medium: 20, high: 50 }, 2),
  ),
  series(
    'network.receive',
    {
      name: 'Line in use, receiving',
      advice: 'See what is sent to it, and whether the line is wide enough for its work.',
    },
    above('network.rx_used_ratio', { medium: 0.8, high: 0.95 }, RATIO_MARGIN),
  ),
  series(
    'network.send',
    { name: 'Line in use, sending', advice: 'See what it sends, and whether the line is wide enough for its work.' },
    above('network.tx_used_ratio', { medium: 0.8, high: 0.95 }, RATIO_MARGIN),
  ),
  series(
    'temperature.high',
    {
      name: 'Temperature',
      type: 'health',
      advice: 'Look at fans, filters and the air of the room before it slows down or switches itself off.',
    },
    above('sensor.temperature', { medium: 70, critical: 85 }, 3),
  ),
  series(
    'network.receive-errors',
    { name: 'Errors in what is received', advice: 'Look at cable, port and duplex of both ends.' },
    above('network.rx_error_rate', ERROR_LIMITS, aMinute(10)),
  ),
  series(
    'network.send-errors',
    { name: 'Errors in what is sent', advice: 'Look at cable, port and duplex of both ends.' },
    above('network.tx_error_rate', ERROR_LIMITS, aMinute(10)),
  ),
  series(
    'service.failed',
    {
      name: 'Failed services',
      type: 'availability',
      advice: 'Read the log of the services that failed, and start them again when the cause is gone.',
    },
    above('service.failed', { high: 1 }, 0.5),
  ),
  series(
    'response.time',
    {
      name: 'Time the device takes to answer',
      advice: 'Look at the line to it and at how busy it is.',
      // Of a Windows machine a dozen questions are asked in turn: their time says little.
      fits: 'transport:ssh',
    },
    above('poll.duration', { medium: 1_000, high: 5_000 }, 100),
  ),
  series(
    'uptime.long',
    {
      name: 'Not restarted for long',
      type: 'compliance',
      advice: 'Plan a restart: a kernel and libraries that were updated work only after it.',
    },
    above('system.uptime', { low: 90 * DAY }, 0, 0),
  ),
  series(
    'uptime.short',
    {
      name: 'Restarted lately',
      type: 'health',
      advice: 'If nobody restarted it, look at its logs from before.',
      // Workstations do so each morning: who has servers turns it on for them.
      isOn: false,
    },
    { kind: 'threshold', series: 'system.uptime', above: false, limits: { info: DAY }, forMs: 0, margin: 0 },
  ),
];
