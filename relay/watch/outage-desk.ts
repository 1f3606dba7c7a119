// Device outages on their way to a finding: held until the parent's verdict is there, and put right when the parent's state changes.
import type { DeviceId } from '#shared/base/id.ts';
import type { Transition } from '#shared/judge/checks/verdict.ts';
import type { FindingLedger } from './finding-ledger.ts';
import type { ParentCheck } from './parent-check.ts';
import type { OpenFinding } from './watch-table.ts';

/** A poll of a parent that is dead silent takes 20 s, its second opinion 5 s and 12 s more. Then the child speaks for itself. */
const HOLD_MS = 40_000;
/** After a parent is back its children are asked at once; who says nothing for so long is out by itself. */
const RECHECK_MS = 120_000;

interface Held {
  transition: Transition;
  untilMs: number;
}

export interface OutageDeskDeps {
  monotonic: () => number;
  parents: Pick<ParentCheck, 'verdict' | 'nearest' | 'ask'>;
  ledger: Pick<FindingLedger, 'all' | 'change'>;
  /** Whether this finding or transition says that its device is down. */
  isOutage: (device: DeviceId, check: string) => boolean;
  /** An outage of it is told, or is about to be. */
  isOut: (device: DeviceId) => boolean;
  /** Makes the finding. */
  open: (device: DeviceId, transition: Transition & Pick<OpenFinding, 'because'>) => void;
}

export class OutageDesk {
  readonly #deps: OutageDeskDeps;
  readonly #held = new Map<DeviceId, Map<string, Held>>();
  /** Whose parent is back, and until when they are asked. */
  readonly #rechecked = new Map<DeviceId, number>();

  constructor(deps: OutageDeskDeps) {
    this.#deps = deps;
  }

  /** An outage of it is held, found by this check or any: a finding of it is about to be. */
  isHolding(device: DeviceId, check?: string): boolean {
    const held = this.#held.get(device);
    return held !== undefined && (check === undefined || held.has(check));
  }

  /** Takes what a judge says of outages; gives back what is to be told as it is. */
  take(device: DeviceId, transition: Transition): Array<Transition & Pick<OpenFinding, 'because'>> {
    const { monotonic, parents, isOutage } = this.#deps;
    const held = this.#held.get(device)?.get(transition.check);
    if (held !== undefined) {
      if (transition.state === 'clear') this.#drop(device, transition.check);
      else held.transition = { ...transition, state: 'open' };
      return [];
    }
    if (transition.state !== 'open' || !isOutage(device, transition.check)) return [transition];
    const verdict = parents.verdict(device);
    if (verdict.is === 'own') return [transition];
    if (verdict.is === 'child') return [{ ...transition, because: verdict.of }];
    const all = this.#held.get(device) ?? new Map<string, Held>();
    all.set(transition.check, { transition, untilMs: monotonic() + HOLD_MS });
    this.#held.set(device, all);
    return [];
  }

  /** After each outcome of a device, when it has been judged: verdicts on its children may be there now. */
  settle(device: DeviceId, isOk: boolean): void {
    if (!isOk && this.#rechecked.delete(device)) this.#release(device);
    for (const [child] of this.#held) if (this.#deps.parents.nearest(child) === device) this.#look(child);
  }

  /** A device's outage has begun to be told: what hangs on it and was found before it is its child. */
  parentDown(parent: DeviceId): void {
    const { ledger, parents } = this.#deps;
    const children = this.#outages().filter(
      ({ device, because }) => because === undefined && device !== parent && parents.nearest(device) === parent,
    );
    ledger.change(children, { because: parent });
  }

  /** It answers again: its children are asked at once, and who still fails is out by itself. */
  parentUp(parent: DeviceId): void {
    const { monotonic, parents } = this.#deps;
    for (const { device, because } of this.#outages()) {
      if (because !== parent || this.#rechecked.has(device)) continue;
      this.#rechecked.set(device, monotonic() + RECHECK_MS);
      parents.ask(device);
    }
  }

  /** Time went by. */
  tick(): void {
    const now = this.#deps.monotonic();
    for (const [device] of this.#held) this.#look(device);
    for (const [device, untilMs] of this.#rechecked) {
      if (untilMs > now) continue;
      this.#rechecked.delete(device);
      this.#release(device);
    }
  }

  forget(device: DeviceId): void {
    this.#held.delete(device);
    this.#rechecked.delete(device);
  }

  /** Roster, parents or checks are others: a child of what is no outage, or not above it any more, is told by itself. */
  review(): void {
    const { parents, isOut } = this.#deps;
    for (const { device, because } of this.#outages()) {
      if (because === undefined || this.#rechecked.has(device)) continue;
      if (parents.nearest(device) !== because || !isOut(because)) this.#release(device);
    }
  }

  #outages(): OpenFinding[] {
    const { ledger, isOutage } = this.#deps;
    return ledger.all.filter(({ device, check }) => isOutage(device, check));
  }

  #look(device: DeviceId): void {
    const { monotonic, parents, open } = this.#deps;
    const verdict = parents.verdict(device);
    for (const [check, { transition, untilMs }] of this.#held.get(device) ?? []) {
      if (verdict.is === 'pending' && untilMs > monotonic()) continue;
      this.#drop(device, check);
      open(device, verdict.is === 'child' ? { ...transition, because: verdict.of } : transition);
    }
  }

  /** No child any more, unless another one up is out. */
  #release(device: DeviceId): void {
    const { ledger, parents } = this.#deps;
    const verdict = parents.verdict(device);
    const because = verdict.is === 'child' ? verdict.of : undefined;
    ledger.change(
      this.#outages().filter((one) => one.device === device && one.because !== undefined),
      { because },
    );
  }

  #drop(device: DeviceId, check: string): void {
    const all = this.#held.get(device);
    all?.delete(check);
    if (all?.size === 0) this.#held.delete(device);
  }
}
