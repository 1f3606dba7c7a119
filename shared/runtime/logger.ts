// Structured logs: one logger per room, fields instead of string building, secrets redacted by name.
import { systemClock } from '#shared/base/clock.ts';
import { logLine } from './log-line.ts';

export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  /** A logger that marks its lines with the room they come from. */
  room(name: string): Logger;
}

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** The numbers that readers of such logs know. */
const NUMBERS = { debug: 20, info: 30, warn: 40, error: 50, silent: Number.POSITIVE_INFINITY } as const;

interface Sink {
  now: () => number;
  write: (line: string) => void;
}

function loggerTo(sink: Sink, head: object, least: number): Logger {
  const at = (level: number) => (fields: object, message: string) => {
    if (level >= least)
      sink.write(logLine({ level, time: new Date(sink.now()).toISOString(), ...head }, fields, message));
  };
  return {
    debug: at(NUMBERS.debug),
    info: at(NUMBERS.info),
    warn: at(NUMBERS.warn),
    error: at(NUMBERS.error),
    room: (name) => loggerTo(sink, { ...head, room: name }, least),
  };
}

/** Node writes synchronously to files, pipes and terminals, so that the last line before a crash is not lost. */
const standardError: Sink = { now: () => systemClock.now(), write: (line) => void process.stderr.write(line) };

/** JSON lines on standard error. */
export function createLogger(program: string, level: LogLevel, sink: Sink = standardError): Logger {
  // Who reads the log may go away (a closed pipe); the program does not end with it.
  if (sink === standardError && process.stderr.listenerCount('error', forget) === 0) process.stderr.on('error', forget);
  return loggerTo(sink, { program }, NUMBERS[level]);
}

const forget = (): void => undefined;

/** Drops everything; for tests. */
export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  room: () => silentLogger,
};
