// Calls operations as any program would, with inputs that no typed client would send, and judges answers as answers.
import type { Operation } from '#console/api/operations.ts';
import { API_PREFIX } from '#shared/contract/contract.ts';
import { Problem } from '#shared/contract/problem.ts';
import type { Input } from './good-inputs.ts';

export interface Answer {
  status: number;
  type: string;
  text: string;
}

/** No URL holds half a character. */
const wellFormed = (text: string): string => text.replaceAll(/\p{Surrogate}/gu, '\ufffd');

/** Path, query and body from one flat input, as our clients make them. */
function spread(path: string, input: Input): { path: string; rest: Input } {
  const rest = { ...input };
  const filled = path.replaceAll(/\{([^}]+)\}/g, (_all, name: string) => {
    const value = rest[name];
    delete rest[name];
    const text = value === undefined ? '' : wellFormed(String(value));
    // An empty segment would be another path, and so would one of dots.
    return /^\.*$/.test(text) ? '%20' : encodeURIComponent(text);
  });
  return { path: filled, rest };
}

export class RawCaller {
  #url: string;
  #token: string;

  constructor(url: string, token: string) {
    this.#url = `${url}${API_PREFIX}`;
    this.#token = token;
  }

  ask(operation: Operation, input: Input, headers: Record<string, string> = {}): Promise<Answer> {
    const { path, rest } = spread(operation.path, input);
    if (operation.method !== 'GET') return this.send(operation.method, path, JSON.stringify(rest), headers);
    const query = Object.entries(rest).map(([name, value]): [string, string] => [name, wellFormed(String(value))]);
    return this.send('GET', `${path}?${new URLSearchParams(query)}`, undefined, headers);
  }

  async send(method: string, path: string, body?: string, headers: Record<string, string> = {}): Promise<Answer> {
    const stop = new AbortController();
    const response = await fetch(`${this.#url}${path}`, {
      method,
      signal: stop.signal,
      headers: { authorization: `Bearer ${this.#token}`, 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body }),
    });
    const type = response.headers.get('content-type') ?? '';
    // A feed answers at once and never ends.
    const isFeed = type === 'text/event-stream';
    const text = isFeed ? '' : await response.text();
    if (isFeed) stop.abort();
    return { status: response.status, type, text };
  }
}

/** Away: the relay of a test is enrolled and never connected. */
const AWAY = 503;

/** What is wrong with an answer, whatever was asked; undefined for a good one. */
export function faultOf({ status, type, text }: Answer): string | undefined {
  if (status < 400) return undefined;
  if (status >= 500 && status !== AWAY) return `${status}: ${text.slice(0, 300)}`;
  if (type !== 'application/problem+json') return `${status} as ${type}`;
  const problem = Problem.safeParse(JSON.parse(text));
  if (!problem.success) return `no problem: ${text.slice(0, 300)}`;
  return problem.data.type === `urn:rmm:problem:${problem.data.code}` ? undefined : `type ${problem.data.type}`;
}

/** The refusal names the field itself, or a place inside it. */
export function namesField({ text }: Answer, field: string): boolean {
  const problem = Problem.safeParse(JSON.parse(text));
  return (problem.data?.errors ?? []).some(
    (one) => one.field === field || one.field.startsWith(`${field}.`) || one.field.startsWith(`${field}[`),
  );
}
