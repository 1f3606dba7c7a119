// One HTTPS question to the console before there is a link: the server is verified first, the answer is bounded.
import http from 'node:http';
import https from 'node:https';
import { BlockList, isIP } from 'node:net';
import tls from 'node:tls';
import type { z } from 'zod';
import { AppError, ERROR_CODES } from '#shared/base/errors.ts';
import { EnrolmentRefusal, MAX_ENROLMENT_ANSWER_BYTES } from '#shared/crypto/enrolment-messages.ts';
import { CONSOLE_TLS_NAME, fingerprintSha256 } from '#shared/crypto/peer-certificate.ts';
import { peerName, readPeerChain } from './peer-chain.ts';
import { explainTlsError, quoted } from './tls-errors.ts';

/** A console that does not answer within this is treated as away; issuing a certificate takes milliseconds. */
const DEADLINE_MS = 30_000;

export interface ConsoleQuestion<Answer extends z.ZodType> {
  /** Base URL of the console. */
  url: string;
  path: string;
  body: unknown;
  answer: Answer;
  /** Lower-case hex SHA-256 of the authority whose certificate the console may show instead of a public one. */
  authority: string;
  agent?: https.Agent | undefined;
  signal: AbortSignal;
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** The console's URL, when secrets may travel to it: https, or http that never leaves this machine. */
export function consoleUrl(text: string): URL {
  const url = new URL(text);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const family = isIP(host);
  const isLoopback = family === 0 ? host === 'localhost' : LOOPBACK.check(host, family === 6 ? 'ipv6' : 'ipv4');
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback)) return url;
  throw new AppError('bad-request', `${quoted(url.host)}: http is for this very machine only; use https`);
}

/** How to verify the server: by the pinned authority when its chain brings it, else as any public server. */
async function trustFor(
  url: URL,
  question: ConsoleQuestion<z.ZodType>,
  signal: AbortSignal,
): Promise<tls.ConnectionOptions> {
  const chain = await readPeerChain({ url, agent: question.agent, signal });
  const authority = chain.find((certificate) => fingerprintSha256(certificate) === question.authority);
  if (authority !== undefined) {
    return {
      ca: authority.toString(),
      checkServerIdentity: (_host, certificate) => tls.checkServerIdentity(CONSOLE_TLS_NAME, certificate),
    };
  }
  return {};
}

async function open(url: URL, question: ConsoleQuestion<z.ZodType>, signal: AbortSignal): Promise<http.ClientRequest> {
  const options = { method: 'POST', signal, headers: { 'content-type': 'application/json' } };
  if (url.protocol === 'http:') return http.request(url, { ...options, agent: false });
  const trust = await trustFor(url, question, signal);
  return https.request(url, { ...options, ...trust, agent: question.agent ?? false, minVersion: 'TLSv1.2' });
}

/** The parsed answer; a refusal throws with the console's own code and words. */
export async function askConsole<Answer extends z.ZodType>(
  question: ConsoleQuestion<Answer>,
): Promise<z.output<Answer>> {
  const base = consoleUrl(question.url);
  const url = new URL(question.path, base);
  const signal = AbortSignal.any([question.signal, AbortSignal.timeout(DEADLINE_MS)]);
  try {
    const request = await open(url, question, signal);
    const { status, text } = await exchange(request, JSON.stringify(question.body));
    if (status !== 200 && status !== 201) throw refusal(url, status, text);
    const parsed = question.answer.safeParse(parseJson(text));
    if (!parsed.success) throw new AppError('unavailable', `${peerName(url)}: answers with what no console says`);
    return parsed.data;
  } catch (error) {
    throw await named(error, url, question);
  }
}

/** Adds who issued the certificate that failed. */
async function named(error: unknown, url: URL, question: ConsoleQuestion<z.ZodType>): Promise<AppError> {
  question.signal.throwIfAborted();
  if (error instanceof Error && error.name === 'AbortError') {
    return new AppError('timed-out', `${peerName(url)}: no answer within ${DEADLINE_MS / 1_000} s`);
  }
  const explained = explainTlsError(error, peerName(url));
  if (!explained.code.startsWith('certificate-') || error instanceof AppError) return explained;
  const signal = AbortSignal.any([question.signal, AbortSignal.timeout(DEADLINE_MS)]);
  const chain = await readPeerChain({ url, agent: question.agent, signal }).catch(() => []);
  return explainTlsError(error, peerName(url), chain[0]);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the schema refuses it by name
  }
}

function refusal(url: URL, status: number, text: string): AppError {
  const body = EnrolmentRefusal.safeParse(parseJson(text));
  if (!body.success) return new AppError('unavailable', `${peerName(url)}: HTTP ${status}, and no reason of a console`);
  const code = ERROR_CODES.find((known) => known === body.data.code) ?? 'unavailable';
  return new AppError(code, `${peerName(url)} refuses: ${quoted(body.data.message, 500)}`);
}

function exchange(request: http.ClientRequest, body: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    request.on('error', reject);
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('error', reject);
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        chunks.push(chunk);
        if (size > MAX_ENROLMENT_ANSWER_BYTES) {
          request.destroy(new AppError('too-large', 'the answer is larger than any of a console'));
        }
      });
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') });
      });
    });
    request.end(body);
  });
}
