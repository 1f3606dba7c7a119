// The limits of what acts: orders that wait, are stopped, and are cut off.
import type { Limits } from './limits.ts';

const once = (why: string) => ({ min: 1, max: 1, why });
const never = (why: string) => ({ max: 0, why });

const IS_GONE = 'the process group is gone from the device within 2 s';
const within = { max: 2_000, why: IS_GONE, quick: { max: 4_000 } };
const gone = (peer: 'ssh' | 'winrm'): Limits => ({
  [`${peer}CancelMs`]: within,
  [`${peer}TimeoutMs`]: within,
  [`${peer}ReturnMs`]: within,
  [`${peer}OutlivedRatio`]: { min: 1, max: 1, why: 'what a return ends has outlived the relay' },
});

export const ACT_LIMITS: Readonly<Record<string, Limits>> = {
  'chaos cancel': {
    rounds: { min: 10, why: 'each of them with both peers', quick: { min: 1 } },
    // The promise is 2 s; a busy machine looks at its processes more slowly.
    ...gone('ssh'),
    ...gone('winrm'),
  },
  'chaos command': {
    runs: { min: 200, why: 'every pair of steps, four kinds of redelivery', quick: { min: 50 } },
    pairs: { min: 56, why: 'seven steps, then any of them or none' },
    crashes: { min: 250, why: 'lives that end in order prove nothing', quick: { min: 60 } },
    twice: never('a command leaves its mark once, however often its relay dies and its order comes'),
    untrue: never('and no success is told that left no mark'),
    stuck: never('and each order comes to an end'),
    plantedCaught: once('a relay that runs again what it began is seen'),
    succeeded: { min: 60, why: 'what was cut off before it began goes on', quick: { min: 15 } },
    unknown: { min: 60, why: 'and what was cut off after it began is unknown', quick: { min: 15 } },
  },
  'e2e queue': {
    queued: { min: 5, max: 5, why: 'each order whose device is off waits, after a try that is told' },
    listed: { min: 3, why: 'and people see them; one may have expired by then' },
    ranOnce: once('a device that is back runs what waited for it, once'),
    saidDone: once('and that is said'),
    triesShown: { min: 1, why: 'each try is shown with its class' },
    expiredRan: never('what has expired does not run any more'),
    saidExpired: once('and that is said'),
    cancelledRan: never('what was cancelled does not run any more'),
    saidCancelled: once('and that is said'),
    staleRan: never('its charter changed: not'),
    saidStale: once('and that is said'),
    leftRan: never('the device left its relay and came again: not'),
    saidLeft: once('and that is said'),
    deniedRan: never('no login: not'),
    saidConfiguration: once('and an administrator is told that it is theirs to mend'),
  },
  'bench fanout': {
    devices: { min: 500, why: 'one relay, a whole site, one order', quick: { min: 15 } },
    failed: { max: 0, why: 'every device answers `true` with success' },
    seconds: {
      max: 5,
      why: 'from the command line to the last outcome stored, start of the program included',
      // Other suites hold both cores: 4.2 s were seen at load 15.
      quick: { max: 30 },
    },
    allDevices: { min: 10_000, why: 'twenty relays, a whole fleet, one order', quick: { min: 30 } },
    allSeconds: { max: 60, why: 'signed, stored and shown, start of the program included' },
    // Under --quick other suites hold both cores, and three tries have no 95th percentile.
    firstOutputP95Ms: {
      max: 400,
      why: 'from Enter to the first output, a person waits for it',
      quick: { max: 20_000 },
    },
    ansibleWallRatio: { min: 5, why: 'the promise, on 20 real addresses', quick: { min: 0.1 } },
    ansibleCpuRatio: { min: 10, why: 'the promise, console, relays and command line counted', quick: { min: 0.1 } },
  },
};
