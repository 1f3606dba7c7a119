// The port to a place that sealed metrics are mirrored to: one way, at least once, in batches.

export interface MirrorSeries {
  /** Sorted by name, none twice, none empty; `__name__` among them. */
  labels: ReadonlyArray<readonly [name: string, value: string]>;
  /** Milliseconds UTC, ascending, in base units: parallel, and none of them unknown. */
  times: readonly number[];
  values: readonly number[];
}

export interface MirrorBatch {
  series: readonly MirrorSeries[];
  samples: number;
}

/**
 * `later`: it may be taken another time, after `waitMs` where the other side says so. `refused`: these samples never will be.
 * The detail is for people; it holds nothing of a credential.
 */
export type SinkAnswer =
  | { type: 'taken' }
  | { type: 'later'; detail: string; waitMs: number | undefined }
  | { type: 'refused'; detail: string };

export interface MetricSink {
  /** As the configuration calls it. */
  readonly name: string;
  /** Never rejects but for the signal: whatever happens on the way is an answer. */
  send(batch: MirrorBatch, signal: AbortSignal): Promise<SinkAnswer>;
}
