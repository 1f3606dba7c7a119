// A connected share as the operations see it: requests that carry its number and its wish to be encrypted.
import type { Channel, Reply, Request } from './channel.ts';
import { STATUS, statusError } from './status.ts';
import type { Tree } from './tree.ts';

/** What an operation says; the share adds the rest. */
export type ShareRequest = Pick<Request, 'command' | 'frame' | 'charge' | 'isPatient' | 'onLate'>;

/** Never aborts: for what must be said also when the caller has stopped; the channel's own time bounds it. */
export const NEVER = new AbortController().signal;

export class Share {
  readonly channel: Channel;
  readonly isEncrypted: boolean;
  readonly #treeId: number;

  constructor(channel: Channel, tree: Tree) {
    this.channel = channel;
    this.isEncrypted = tree.isEncrypted;
    this.#treeId = tree.id;
  }

  /** The answer, whatever its status. */
  ask(request: ShareRequest, signal: AbortSignal): Promise<Reply> {
    return this.channel.send(this.#full(request), signal);
  }

  /** The answer; any status but success is thrown. */
  async send(request: ShareRequest, doing: string, signal: AbortSignal): Promise<Reply> {
    const reply = await this.ask(request, signal);
    if (reply.header.status !== STATUS.ok) throw statusError(reply.header.status, doing);
    return reply;
  }

  /** Related requests; the first status that is no success is thrown, as the others only follow from it. */
  async sendRelated(requests: readonly ShareRequest[], doing: string, signal: AbortSignal): Promise<Reply[]> {
    const replies = await this.channel.sendRelated(
      requests.map((request) => this.#full(request)),
      signal,
    );
    const bad = replies.find((reply) => reply.header.status !== STATUS.ok);
    if (bad !== undefined) throw statusError(bad.header.status, doing);
    return replies;
  }

  #full(request: ShareRequest): Request {
    return { ...request, treeId: this.#treeId, isEncrypted: this.isEncrypted };
  }
}
