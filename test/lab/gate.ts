// A gate that work passes while it is open and waits at while it is shut: how a frozen device holds its answers back.

export class Gate {
  #shut: { promise: Promise<void>; open: () => void } | undefined;

  get isShut(): boolean {
    return this.#shut !== undefined;
  }

  shut(): void {
    if (this.#shut !== undefined) return;
    let open = (): void => undefined;
    const promise = new Promise<void>((resolve) => {
      open = resolve;
    });
    this.#shut = { promise, open };
  }

  open(): void {
    this.#shut?.open();
    this.#shut = undefined;
  }

  /** Resolves at once while open, else when it opens. */
  async pass(): Promise<void> {
    await this.#shut?.promise;
  }
}
