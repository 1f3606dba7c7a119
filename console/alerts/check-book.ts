// What is known of a check by its id: its name, its type, what to do. Findings carry the id alone.
import { ALERT_TYPES, type AlertType } from '#shared/model/alert-words.ts';
import type { Check } from '#shared/model/check.ts';

/** Ask it for each: layers are signed anew, and a check may be gone. */
export interface CheckBook {
  find: (check: string) => Check | undefined;
}

/** A device that does not answer: what others depend on. */
export const DEVICE_DOWN = 'device.down';

/** By the first word of the id, for checks that nobody knows any more. */
const TYPE_OF_WORD: Readonly<Record<string, AlertType>> = {
  ...{ cpu: 'performance', memory: 'performance', disk: 'performance', network: 'performance', swap: 'performance' },
  ...{ device: 'availability', service: 'availability', relay: 'availability', site: 'availability' },
  ...{ certificate: 'security', security: 'security', patch: 'update', reboot: 'update', backup: 'compliance' },
  ...{ console: 'health' },
};

export interface CheckWords {
  name: string;
  type: AlertType;
  advice: string;
}

export function wordsOf(book: CheckBook, check: string): CheckWords {
  const known = book.find(check);
  if (known !== undefined) return known;
  const [word = ''] = check.split('.');
  const type = ALERT_TYPES.find((one) => one === word) ?? TYPE_OF_WORD[word] ?? 'custom';
  return { name: check, type, advice: '' };
}

export interface SignedChecksDeps {
  /** Those that come with the product, and the console's own: they never change their meaning. */
  known: readonly Check[];
  /** Numbers of the signed documents that are in force. */
  versions: () => Promise<readonly number[]>;
  checksOf: (versions: readonly number[]) => Promise<readonly Check[]>;
}

/** Checks that people signed beside those that ship; read again where other documents are in force. */
export class SignedChecks implements CheckBook {
  readonly #deps: SignedChecksDeps;
  readonly #known: ReadonlyMap<string, Check>;
  #signed = new Map<string, Check>();
  #read = '';

  constructor(deps: SignedChecksDeps) {
    this.#deps = deps;
    this.#known = new Map(deps.known.map((check) => [check.id, check]));
  }

  find = (id: string): Check | undefined => this.#known.get(id) ?? this.#signed.get(id);

  /** One that is signed away is known until the console starts anew: its alerts are still told of. */
  async refresh(): Promise<void> {
    const versions = [...new Set(await this.#deps.versions())].sort((a, b) => a - b);
    const key = versions.join(' ');
    if (key === this.#read) return;
    for (const check of await this.#deps.checksOf(versions)) this.#signed.set(check.id, check);
    this.#read = key;
  }
}
