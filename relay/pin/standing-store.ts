// The standing orders this relay holds and those that were withdrawn, on disk: nothing but what signers of its charter signed.
import path from 'node:path';
import { z } from 'zod';
import { AppError } from '#shared/base/errors.ts';
import { StandingId } from '#shared/base/id.ts';
import { readPrivateFile, writePrivateFile } from '#shared/crypto/private-file.ts';
import {
  MAX_STANDING,
  MAX_STANDING_MS,
  SignedStanding,
  type StandingOrder,
  type Withdrawal,
} from '#shared/model/standing-order.ts';
import { readStanding, type StandingPlace, verifyStandingOrder, verifyWithdrawal } from '#shared/seal/standing-seal.ts';

const Tombstone = z.strictObject({ id: StandingId, at: z.int() });
const StandingFile = z.strictObject({ orders: z.array(SignedStanding), withdrawn: z.array(Tombstone) });
type StandingFile = z.infer<typeof StandingFile>;

/** Characters of all together, which are read at every start. */
const MAX_CHARACTERS = 8 * 1024 * 1024;
/** Withdrawals that are remembered; each was signed by a person. */
const MAX_WITHDRAWN = 10_000;
/** No order that was signed before its withdrawal is valid any longer. */
const FORGET_MS = MAX_STANDING_MS + 7 * 86_400_000;

export interface HeldStanding {
  order: StandingOrder;
  signed: SignedStanding;
}

/** Those that had not ended at a time that somebody signed. */
const openAt = (held: ReadonlyMap<StandingId, HeldStanding>, signed: number) =>
  new Map([...held].filter(([, { order }]) => signed < order.exp));

const fileOf = (data: string) => path.join(data, 'identity', 'standing.json');

export class StandingStore {
  readonly #data: string;
  #held: Map<StandingId, HeldStanding>;
  #withdrawn: Map<StandingId, number>;

  private constructor(data: string, { orders, withdrawn }: StandingFile) {
    this.#data = data;
    this.#withdrawn = new Map(withdrawn.map(({ id, at }) => [id, at]));
    this.#held = new Map();
    for (const signed of orders) {
      const order = readStanding(signed);
      if (order.kind === 'standing') this.#held.set(order.id, { order, signed });
    }
  }

  /** A file that cannot be read stops the start: nobody can say what was withdrawn. */
  static open(data: string): StandingStore {
    const text = readPrivateFile(fileOf(data));
    if (text === undefined) return new StandingStore(data, { orders: [], withdrawn: [] });
    try {
      return new StandingStore(data, StandingFile.parse(JSON.parse(text)));
    } catch (cause) {
      throw new AppError('config-invalid', `${fileOf(data)}: not the stored standing orders`, { cause });
    }
  }

  /** Held, proven or not: each firing proves its order anew. */
  get orders(): HeldStanding[] {
    return [...this.#held.values()];
  }

  has(id: StandingId): boolean {
    return this.#held.has(id) && !this.#withdrawn.has(id);
  }

  /** Takes an order or a withdrawal; durable before it returns. Undefined when it is known and changes nothing. */
  async accept(signed: SignedStanding, place: StandingPlace): Promise<StandingOrder | Withdrawal | undefined> {
    return readStanding(signed).kind === 'standing' ? this.#take(signed, place) : this.#withdraw(signed, place);
  }

  /**
   * Drops what can never fire again. `signed`: the newest time that a trusted key has signed, and no clock's word: one that ran
   * ahead for a day must neither lose an order nor forget a withdrawal, whose order would then stand again.
   */
  prune(signed: number): void {
    const [orders, withdrawn] = [openAt(this.#held, signed), new Map(this.#withdrawn)];
    for (const [id, at] of withdrawn) if (signed - at > FORGET_MS) withdrawn.delete(id);
    if (orders.size < this.#held.size || withdrawn.size < this.#withdrawn.size) this.#store(orders, withdrawn);
  }

  async #take(signed: SignedStanding, place: StandingPlace): Promise<StandingOrder | undefined> {
    const { document: order } = await verifyStandingOrder(signed, place);
    if (this.#withdrawn.has(order.id))
      throw new AppError('standing-withdrawn', `standing order ${order.id}: was withdrawn`);
    const held = this.#held.get(order.id);
    if (held?.signed.text === signed.text) return undefined;
    if (held !== undefined)
      throw new AppError('manifest-replayed', `standing order ${order.id}: another one of this id stands here`);
    const orders = openAt(this.#held, order.nbf).set(order.id, { order, signed });
    const characters = [...orders.values()].reduce((sum, one) => sum + one.signed.text.length, 0);
    if (orders.size > MAX_STANDING || characters > MAX_CHARACTERS)
      throw new AppError('cap-exceeded', `a relay holds at most ${MAX_STANDING} standing orders; withdraw some first`);
    this.#store(orders, this.#withdrawn);
    return order;
  }

  async #withdraw(signed: SignedStanding, place: StandingPlace): Promise<Withdrawal | undefined> {
    const withdrawal = await verifyWithdrawal(signed, place);
    if (this.#withdrawn.has(withdrawal.id)) return undefined;
    if (this.#withdrawn.size >= MAX_WITHDRAWN)
      throw new AppError('cap-exceeded', `a relay remembers at most ${MAX_WITHDRAWN} withdrawals`);
    const orders = new Map(this.#held);
    orders.delete(withdrawal.id);
    // By this relay's time: a signer whose clock is wrong must not have it forgotten early.
    this.#store(orders, new Map(this.#withdrawn).set(withdrawal.id, Math.max(withdrawal.at, place.now)));
    return withdrawal;
  }

  #store(orders: Map<StandingId, HeldStanding>, withdrawn: Map<StandingId, number>): void {
    const file: StandingFile = {
      orders: [...orders.values()].map(({ signed }) => signed),
      withdrawn: [...withdrawn].map(([id, at]) => ({ id, at })),
    };
    writePrivateFile(fileOf(this.#data), `${JSON.stringify(file)}\n`);
    this.#held = orders;
    this.#withdrawn = withdrawn;
  }
}
