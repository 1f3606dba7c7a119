// Adds up what a back-test found: before and after, by check and by device, and what would have been lost.
import type { ReplayAnswer, ReplayedDevice } from '#console/metrics/replay/replay-message.ts';
import type { BackTestAnswer } from '#shared/contract/check-contract.ts';
import type { Episode } from '#shared/judge/checks/episodes.ts';
import type { AlertType } from '#shared/model/alert-words.ts';
import type { ChangedChecks } from './changed-checks.ts';
import { countTold, type Told } from './count-told.ts';
import { lostTruths, type Truth } from './lost-truths.ts';

export type BackTestResult = BackTestAnswer;

/** What a person reads; the rest is counted. */
const MAX_DEVICES_SHOWN = 20;
const MAX_LOST_SHOWN = 200;
const HOUR_MS = 3_600_000;

type CheckLine = BackTestAnswer['checks'][number];

interface AddedDevice {
  device: BackTestAnswer['worst'][number]['deviceId'];
  name: string;
  checks: ChangedChecks;
}

type Run = ReplayedDevice['runs'][number];

export class BackTestSum {
  readonly #answer: BackTestAnswer;
  readonly #checks = new Map<string, CheckLine>();
  readonly #devices: BackTestAnswer['worst'] = [];

  constructor(devices: number, { from, to }: { from: number; to: number }) {
    const none = { findings: 0, notifications: 0 };
    this.#answer = {
      ...{ from, to, devices, changedDevices: 0, before: { ...none }, after: { ...none } },
      ...{ checks: [], worst: [], truths: 0, lost: [], lostCount: 0 },
      hours: { read: 0, passed: 0, unkept: 0, unseen: 0 },
    };
  }

  count({ read, passed, unkept }: Pick<ReplayAnswer, 'read' | 'passed' | 'unkept'>): void {
    const { hours } = this.#answer;
    hours.read += read;
    hours.passed += passed;
    hours.unkept += unkept;
  }

  add({ device, name, checks }: AddedDevice, runs: { before: Run; after: Run }, truths: readonly Truth[]): void {
    const answer = this.#answer;
    answer.changedDevices += 1;
    const types = new Map([...checks.before, ...checks.after].map(({ id, type }) => [id, type]));
    const names = new Map([...checks.before, ...checks.after].map((check) => [check.id, check.name]));
    const told = {
      before: toldOf(runs.before, (id) => types.get(id)),
      after: toldOf(runs.after, (id) => types.get(id)),
    };
    for (const side of ['before', 'after'] as const) {
      answer[side].findings += told[side].findings;
      answer[side].notifications += told[side].notifications;
      for (const [check, { findings, notifications }] of told[side].byCheck) {
        const line = this.#lineOf(check, names.get(check) ?? check)[side];
        line.findings += findings;
        line.notifications += notifications;
      }
    }
    this.#devices.push({
      ...{ deviceId: device, deviceName: name },
      ...{ before: told.before.notifications, after: told.after.notifications },
    });
    this.#lose({ device, name }, truths, { before: runs.before.episodes, after: runs.after.episodes });
  }

  result(): BackTestResult {
    const change = ({ before, after }: { before: number; after: number }) => Math.abs(after - before);
    const worst = this.#devices.sort((a, b) => change(b) - change(a) || b.after - a.after).slice(0, MAX_DEVICES_SHOWN);
    const checks = [...this.#checks.values()].sort((a, b) => b.after.notifications - a.after.notifications);
    const { from, to, changedDevices, hours } = this.#answer;
    const asked = changedDevices * (Math.floor((to - 1) / HOUR_MS) - Math.floor(from / HOUR_MS) + 1);
    // Nobody takes silence for calm: what was not judged is said.
    const unseen = Math.max(0, asked - hours.read - hours.passed - hours.unkept);
    return { ...this.#answer, worst, checks, hours: { ...hours, unseen } };
  }

  #lose(
    { device, name }: Pick<AddedDevice, 'device' | 'name'>,
    truths: readonly Truth[],
    runs: { before: readonly Episode[]; after: readonly Episode[] },
  ): void {
    const answer = this.#answer;
    answer.truths += truths.length;
    for (const { check, instance, from, to, why } of lostTruths(truths, runs)) {
      answer.lostCount += 1;
      if (answer.lost.length >= MAX_LOST_SHOWN) continue;
      const of = { deviceId: device, deviceName: name, check: check ?? null, instance: instance ?? null };
      answer.lost.push({ ...of, from, to, why });
    }
  }

  #lineOf(check: string, name: string): CheckLine {
    const none = { findings: 0, notifications: 0 };
    const line = this.#checks.get(check) ?? { check, name, before: { ...none }, after: { ...none } };
    this.#checks.set(check, line);
    return line;
  }
}

/** What flapped beyond the bound of a device was found too, and told to nobody more. */
function toldOf({ episodes, more }: Run, typeOf: (check: string) => AlertType | undefined): Told {
  const told = countTold(episodes, typeOf);
  told.findings += more;
  return told;
}
