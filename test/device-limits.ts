// Limits of the commands that try how a relay talks to devices; a part of test/limits.ts.
import type { Limits } from './limits.ts';

export const DEVICE_LIMITS: Readonly<Record<string, Limits>> = {
  'bench terminal': {
    keys: { min: 500, why: 'five rounds of a hundred', quick: { min: 40 } },
    echoP95Ms: {
      max: 50,
      why: 'the promise, over a line of 20 ms there and back: the median of the rounds',
      // Two rounds on a machine that others share say that letters come back, not how fast.
      quick: { max: 1_000 },
    },
    floodMb: { min: 200, why: 'the promise', quick: { min: 20 } },
    // Under --quick client, console and relay are one process: it holds for each.
    consoleGrowthMb: { max: 32, why: 'the promise: a process of its own', quick: { max: 96 } },
    relayGrowthMb: { max: 32, why: 'the promise: a process of its own', quick: { max: 96 } },
    revokedMs: {
      max: 5_000,
      why: 'the promise: terminal, files, tunnel and page of somebody who may no more',
      quick: { max: 10_000 },
    },
  },
  'bench files': {
    fileMb: { min: 200, why: 'the promise', quick: { min: 4 } },
    cuts: { min: 20, why: 'five each way, over SFTP and over SMB', quick: { min: 4 } },
    compared: { min: 15, why: 'each file where it lies, what came back, and each of ten places', quick: { min: 8 } },
    unequal: { max: 0, why: 'what arrives is what was sent, whatever was cut' },
    wanRatio: { max: 1.1, why: 'ten times the same file cross the line between console and relay once' },
  },
  'bench tunnel': {
    wholes: { min: 1, why: 'every byte that came through was the one that was sent' },
    downMbs: {
      min: 40,
      why: 'the promise, on loopback: client, console and relay are one process here',
      quick: { min: 4 },
    },
    upMbs: { min: 40, why: 'the same the other way', quick: { min: 4 } },
    downRatio: {
      min: 0.05,
      why: 'of what `ssh -L` carries in the same run, whose ciphers are compiled in; printed, so that it is known',
      quick: { min: 0.01 },
    },
    upRatio: { min: 0.05, why: 'the same the other way', quick: { min: 0.01 } },
    // A window of 256 KiB (decision 0061) carries 12 MB/s over 20 ms at most, however quick the machine is.
    farDownMbs: { min: 5, why: 'over a line of 20 ms there and back', quick: { min: 0.5 } },
    farUpMbs: { min: 5, why: 'the same the other way', quick: { min: 0.5 } },
  },
  'bench lab': {
    errors: { max: 0, why: 'a healthy simulated device answers every poll in full' },
    sweepMs: { max: 3_000, why: 'all devices polled at once, client and lab on the same two cores' },
    labPeakRssMb: { max: 300, why: 'the lab shares its machine with what it tests' },
  },
  'fuzz winrm': {
    inputs: { min: 10_000, why: 'the promise', quick: { min: 200 } },
    crashes: { max: 0, why: 'whatever a machine says is an outcome, and leaves no wait and no connection behind' },
    hangs: { max: 0, why: 'no case takes longer than a second, its own time-outs included' },
    memoryMb: { max: 16, why: 'the promise, for any case: what it used before garbage was collected' },
    twice: { max: 0, why: 'no command runs twice, counted where it runs' },
    extraLogins: { max: 1, why: 'a connection that broke is made anew once' },
    leftShells: { max: 0, why: 'a shell whose name is known is deleted' },
    understood: { min: 1_500, why: 'a machine that is never understood tests little', quick: { min: 20 } },
    boundariesRead: { min: 500, why: 'cipher text that holds the boundary is read by its length', quick: { min: 8 } },
    dropsAnswered: { min: 100, why: 'some drops cost nothing but a login', quick: { min: 3 } },
  },
  'chaos shells': {
    runs: { min: 1_000, why: 'the promise: a thousand, of every kind', quick: { min: 44 } },
    kinds: { min: 10, why: 'each way in which a run ends' },
    wrong: { max: 0, why: 'each ends as its kind does: with that output, that code or that reason' },
    leftShells: { max: 0, why: 'the promise, counted on the host' },
    leftRunning: { max: 0, why: 'and nothing runs on' },
    twice: { max: 0, why: 'no command runs twice, counted where it runs' },
    commandsPerRun: { min: 0.9, max: 1, why: 'one each, but for those that were stopped before it' },
    slowestCancelMs: { max: 1_000, why: 'the promise', quick: { max: 1_500 } },
    connectionsLeft: { max: 0, why: 'a client that was closed holds no connection' },
    floodMb: { min: 50, why: 'the promise: so much output of one command', quick: { min: 6 } },
    rssGrowthMb: { max: 64, why: 'constant memory: what the collector has not yet taken away, and no more' },
  },
  'bench watch': {
    pollUs: {
      max: 500,
      why: '500 devices a minute are 4 ms of each second on a busy machine: judging costs less than polling',
      quick: { max: 5_000 },
    },
    tickMs: { max: 100, why: 'every five seconds, beside polls', quick: { max: 500 } },
    findingP95Ms: { max: 100, why: 'of the five seconds from an event to a mail', quick: { max: 1_000 } },
    switchMs: { max: 1_000, why: 'fifty children are told with their switch', quick: { max: 10_000 } },
    children: { min: 50, max: 50, why: 'each of them names it' },
    saveMs: { max: 500, why: 'every ten minutes, and at a stop', quick: { max: 2_000 } },
  },
};
