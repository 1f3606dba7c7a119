// Texts that many devices share, each kept once with its lower-case form, named by a number.

export class NamePool {
  readonly #numbers = new Map<string, number>();
  /** By number; '' where nobody uses the number at the moment. Number 0 is the empty text for good. */
  readonly texts: string[] = [''];
  readonly lower: string[] = [''];
  readonly #uses: number[] = [1];
  readonly #free: number[] = [];

  constructor() {
    this.#numbers.set('', 0);
  }

  /** One use more of this text; give it back with `drop`. */
  take(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) {
      this.#uses[known] = (this.#uses[known] ?? 0) + 1;
      return known;
    }
    const number = this.#free.pop() ?? this.texts.length;
    this.texts[number] = text;
    const lower = text.toLowerCase();
    // The same string where it can be: most names are lower case already.
    this.lower[number] = lower === text ? text : lower;
    this.#uses[number] = 1;
    this.#numbers.set(text, number);
    return number;
  }

  drop(number: number): void {
    const uses = (this.#uses[number] ?? 0) - 1;
    if (number === 0 || uses < 0) return;
    this.#uses[number] = uses;
    if (uses > 0) return;
    this.#numbers.delete(this.texts[number] ?? '');
    this.texts[number] = '';
    this.lower[number] = '';
    this.#free.push(number);
  }

  /** Undefined where no device has it. */
  numberOf(text: string): number | undefined {
    return this.#numbers.get(text);
  }

  /** Texts in use, the empty one not counted. */
  get size(): number {
    return this.#numbers.size - 1;
  }

  /**
   * `test` asked at most once per text, when it is first met. Good until texts change hands: make it anew for each reading,
   * and ask it only of numbers in use.
   */
  ask(test: (lowerCase: string) => boolean): (number: number) => boolean {
    const answers = new Uint8Array(this.texts.length);
    return (number) => {
      const known = answers[number];
      if (known === YES) return true;
      if (known === NO) return false;
      const isSo = test(this.lower[number] ?? '');
      answers[number] = isSo ? YES : NO;
      return isSo;
    };
  }
}

const YES = 1;
const NO = 2;
