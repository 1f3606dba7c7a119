// Structured logs: one logger per room, fields instead of string building, secrets redacted by name.
import { systemClock } from '#shared/base/clock.ts';
import { lineWriter, standardErrorStream } from './error-stream.ts';
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

/** JSON lines on standard error. */
export function createLogger(program: string, level: LogLevel, sink: Sink = standardError(program)): Logger {
  return loggerTo(sink, { program }, NUMBERS[level]);
}

function standardError(program: string): Sink {
  const now = () => systemClock.now();
  // Asking for Node's stream makes a pipe one that says when it is full, which waits for nobody. Its end is no end of the program.
  if (process.stderr.listenerCount('error', forget) === 0) process.stderr.on('error', forget);
  const lostLine = (lost: number) =>
    logLine(
      { level: NUMBERS.warn, time: new Date(now()).toISOString(), program },
      { lost },
      'lines were lost: nobody read them',
    );
  return { now, write: lineWriter(standardErrorStream, lostLine) };
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
