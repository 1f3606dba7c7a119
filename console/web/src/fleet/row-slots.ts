// Which element shows which device: one that goes out of view leaves its element to one that comes in, which is cheaper than another.

/** The element of the list that has the focus, or holds what has it. */
export function focusedSlot(): number | undefined {
  const slot = document.activeElement?.closest('[data-slot]')?.getAttribute('data-slot');
  return slot == null ? undefined : Number(slot);
}

export class RowSlots {
  #slots: ReadonlyMap<string, number> = new Map();
  #next = 0;

  /**
   * A key for each of the devices in view. Whoever stays keeps its element; that with the focus is left to nobody, for the
   * focus would be at another device then, and nobody had moved it.
   */
  keysOf(ids: readonly string[], focused: number | undefined): number[] {
    const inView = new Set(ids);
    const free: number[] = [];
    for (const [id, slot] of this.#slots) if (!inView.has(id) && slot !== focused) free.push(slot);
    // In the order of the page, so that few elements move in it.
    free.reverse();
    const slots = new Map<string, number>();
    for (const id of ids) slots.set(id, this.#slots.get(id) ?? free.pop() ?? this.#make());
    this.#slots = slots;
    return ids.map((id) => slots.get(id) ?? -1);
  }

  #make(): number {
    this.#next += 1;
    return this.#next;
  }
}
