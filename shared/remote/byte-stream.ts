// A stream of bytes between who asks and a relay, whatever carries it: ordered, whole, held back by who reads it.

export interface ByteStream {
  /** What arrives, in order; ends when the other side closes, throws when the stream broke. Read by one reader alone. */
  readonly incoming: AsyncIterable<Uint8Array>;
  /** Resolves when there is room for more; rejects once the stream is over. What was given is the stream's from then on. */
  write(bytes: Uint8Array): Promise<void>;
  /** Does nothing the second time. */
  close(reason?: string): void;
}
