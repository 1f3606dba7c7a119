// The marks of rows, drawn once by React beside the page: rows are plain elements and copy them.
import type { ReactPortal } from 'react';
import { createPortal } from 'react-dom';
import { StaleShape } from '#console/web/src/ui/stale-shape.tsx';
import { SimulatedMark, StatusMark } from '#console/web/src/ui/status-mark.tsx';
import type { DeviceStatus } from '#shared/model/device.ts';
import { STATUS_ORDER } from './fleet-rows.ts';

export class RowMarks {
  /** Never part of the page. */
  readonly #place = document.createElement('div');

  /** To be rendered by whoever owns the rows; copies can be had once that is done. */
  get portal(): ReactPortal {
    return createPortal(
      <>
        {STATUS_ORDER.map((status) => (
          <StatusMark key={status} status={status} />
        ))}
        <SimulatedMark />
        <StaleShape />
        <StatusMark status="unknown" isAway />
      </>,
      this.#place,
    );
  }

  status(status: DeviceStatus, isAway: boolean): Node {
    if (isAway) return this.#copy(STATUS_ORDER.length + 2);
    return this.#copy(STATUS_ORDER.indexOf(status));
  }

  simulated(): Node {
    return this.#copy(STATUS_ORDER.length);
  }

  stale(): Node {
    return this.#copy(STATUS_ORDER.length + 1);
  }

  #copy(place: number): Node {
    const mark = this.#place.children[place];
    if (mark === undefined) throw new Error('the marks of rows are not drawn yet');
    return mark.cloneNode(true);
  }
}
