// Prometheus' remote write message (version 0.1.0 of the header, 1.0 of its paper) as protobuf: series of labels and samples, nothing else.
import type { MirrorSeries } from './metric-sink.ts';

// WriteRequest { repeated TimeSeries timeseries = 1; }  TimeSeries { repeated Label labels = 1; repeated Sample samples = 2; }
// Label { string name = 1; string value = 2; }  Sample { double value = 1; int64 timestamp = 2; }
const LENGTH_DELIMITED = 2;
const FIXED64 = 1;
const VARINT = 0;
const key = (field: number, wire: number): number => field * 8 + wire;
const TIME_SERIES = key(1, LENGTH_DELIMITED);
const LABEL = key(1, LENGTH_DELIMITED);
const SAMPLE = key(2, LENGTH_DELIMITED);
const LABEL_NAME = key(1, LENGTH_DELIMITED);
const LABEL_VALUE = key(2, LENGTH_DELIMITED);
const SAMPLE_VALUE = key(1, FIXED64);
const SAMPLE_TIME = key(2, VARINT);

const utf8 = new TextEncoder();
/** A day of our era has six bytes of varint; ten are the most that 64 bits have. */
const MAX_SAMPLE_BYTES = 2 + 9 + 11;

function varintSize(value: number): number {
  let size = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) size += 1;
  return size;
}

/** Bytes at a place; grows by doubling. */
class Writer {
  #bytes = new Uint8Array(64 * 1024);
  #view = new DataView(this.#bytes.buffer);
  #at = 0;

  get done(): Uint8Array {
    return this.#bytes.subarray(0, this.#at);
  }

  /** Room for so many bytes more. */
  reserve(size: number): void {
    if (this.#at + size <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#at + size));
    larger.set(this.done);
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }

  byte(value: number): void {
    this.#bytes[this.#at] = value;
    this.#at += 1;
  }

  varint(value: number): void {
    let rest = value;
    for (; rest >= 128; rest = Math.floor(rest / 128)) this.byte((rest % 128) + 128);
    this.byte(rest);
  }

  double(value: number): void {
    this.#view.setFloat64(this.#at, value, true);
    this.#at += 8;
  }

  bytes(some: Uint8Array): void {
    this.#bytes.set(some, this.#at);
    this.#at += some.length;
  }
}

function encodeLabels(labels: MirrorSeries['labels']): Uint8Array {
  const out = new Writer();
  for (const [name, value] of labels) {
    const [nameBytes, valueBytes] = [utf8.encode(name), utf8.encode(value)];
    const nameSize = 1 + varintSize(nameBytes.length) + nameBytes.length;
    const size = nameSize + 1 + varintSize(valueBytes.length) + valueBytes.length;
    out.reserve(size + 8);
    out.byte(LABEL);
    out.varint(size);
    out.byte(LABEL_NAME);
    out.varint(nameBytes.length);
    out.bytes(nameBytes);
    out.byte(LABEL_VALUE);
    out.varint(valueBytes.length);
    out.bytes(valueBytes);
  }
  return out.done;
}

/** Times are whole milliseconds from 1970 on. */
export function encodeWriteRequest(series: readonly MirrorSeries[]): Uint8Array {
  const out = new Writer();
  for (const { labels, times, values } of series) {
    const head = encodeLabels(labels);
    let samplesSize = 0;
    // A sample is a value of 9 bytes and a time, and short enough that one byte tells its length.
    for (const at of times) samplesSize += 2 + 9 + 1 + varintSize(at);
    out.reserve(8 + head.length + times.length * MAX_SAMPLE_BYTES);
    out.byte(TIME_SERIES);
    out.varint(head.length + samplesSize);
    out.bytes(head);
    for (const [i, at] of times.entries()) {
      out.byte(SAMPLE);
      out.byte(10 + varintSize(at));
      out.byte(SAMPLE_VALUE);
      out.double(values[i] ?? Number.NaN);
      out.byte(SAMPLE_TIME);
      out.varint(at);
    }
  }
  return out.done;
}
