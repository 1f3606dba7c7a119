// One question to the WS-Management service of a machine, and its answer: written, sent, read, and its faults told apart.
import type { RandomBytes } from '#shared/base/id.ts';
import { type Failure, fail } from '#shared/base/outcome.ts';
import { isFault, readAnswer } from './envelope-read.ts';
import { IDENTIFY, isWritable, newMessageId, type WsmanRequest, writeEnvelope } from './envelope-write.ts';
import { readFault, type WsmanFault } from './fault.ts';
import type { PostOptions, WsmanConnection } from './wsman-connection.ts';
import { type XmlElement, XmlFault } from './xml-read.ts';

export interface WsmanCall extends Omit<WsmanRequest, 'operationTimeoutMs'> {
  /** For the whole of it; the machine is given a little less, so that its fault comes before our patience ends. */
  timeoutMs: number;
  /** Absent: what is left of `timeoutMs`. */
  operationTimeoutMs?: number;
  isRepeatable: boolean;
}

export type WsmanAnswer =
  | { ok: true; value: XmlElement | undefined; bytes: number }
  /** With `fault`, the machine itself declined. */
  | (Failure & { fault?: WsmanFault });

/** Whatever carries envelopes: a connection, or a lane that opens connections as they are needed. */
export type Post = WsmanConnection['post'];

export interface Exchange {
  ask(call: WsmanCall, signal: AbortSignal): Promise<WsmanAnswer>;
  identify(timeoutMs: number, signal: AbortSignal): Promise<WsmanAnswer>;
}

export interface ExchangeDeps {
  post: Post;
  random: RandomBytes;
  /** Names the device in messages. */
  name: string;
}

// A tenth of the time is the way there and back.
const OPERATION_SHARE = 0.9;

export function exchangeOver({ post, random, name }: ExchangeDeps): Exchange {
  const send = async (text: string, messageId: string | undefined, options: PostOptions, signal: AbortSignal) => {
    if (!isWritable(text)) return fail('unsupported', `${name}: what is asked holds a character that XML cannot carry`);
    const reply = await post(text, options, signal);
    return reply.ok ? answerIn(reply.value.body, messageId, name) : reply;
  };
  return {
    ask(call, signal) {
      const messageId = newMessageId(random);
      const operationTimeoutMs = call.operationTimeoutMs ?? Math.floor(call.timeoutMs * OPERATION_SHARE);
      return send(writeEnvelope({ ...call, operationTimeoutMs }, messageId), messageId, call, signal);
    },
    identify: (timeoutMs, signal) => send(IDENTIFY, undefined, { timeoutMs, isRepeatable: true }, signal),
  };
}

function answerIn(text: string, messageId: string | undefined, name: string): WsmanAnswer {
  try {
    const content = readAnswer(text, messageId);
    if (content === undefined || !isFault(content)) return { ok: true, value: content, bytes: text.length };
    const fault = readFault(content);
    return { ...fail(fault.reason, `${name}: ${fault.words}`), fault };
  } catch (error) {
    if (!(error instanceof XmlFault)) throw error;
    return fail('malformed', `${name}: an answer that is no WS-Management: ${error.message}`);
  }
}
