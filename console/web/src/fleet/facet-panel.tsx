// Beside the table, or in a sheet on a phone: what one can narrow the fleet by, with live counts. A press edits the filter.
import { useDeferredValue, useId, useMemo, useState } from 'react';
import { integer } from '#console/web/src/text/format.ts';
import { Button } from '#console/web/src/ui/button.tsx';
import { StatusShape, statusText } from '#console/web/src/ui/status-mark.tsx';
import { DEVICE_STATUSES } from '#shared/model/device-words.ts';
import { FACETS, type Facet, type FacetChoice, facetChoices } from './facets.ts';
import { chosenOf, filterText, toggled, withoutField } from './filter-text.ts';
import { fleet, useLoads, useStatusChanges } from './fleet.ts';
import { fieldTitle, t } from './text.ts';
import type { FilterState } from './use-filter-text.ts';
import { type FleetView, joined } from './use-fleet-view.ts';
import { systemText, typeText } from './value-text.ts';

/** More of one kind are folded. */
const FEW = 7;

interface FacetPanelProps {
  view: FleetView;
  state: FilterState;
}

export function FacetPanel({ view, state }: FacetPanelProps) {
  return (
    <div className="facets">
      {FACETS.map((facet) => (
        <FacetGroup key={facet} facet={facet} view={view} state={state} />
      ))}
    </div>
  );
}

/** Counts come a moment after the rows: the table is what one waits for. */
function useChoices(facet: Facet, view: FleetView): { choices: FacetChoice[]; chosen: ReadonlySet<string> } {
  const loads = useLoads();
  const changes = useStatusChanges();
  const own = useDeferredValue(view.own);
  const { scope } = view;
  const chosen = useMemo(() => chosenOf(view.filter, facet), [view.filter, facet]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the store counts its changes, and they are what is counted anew
  const choices = useMemo(
    () => facetChoices(fleet, facet, joined(withoutField(own, facet), scope), chosenOf(own, facet)),
    [facet, own, scope, loads, changes],
  );
  return { choices, chosen };
}

function FacetGroup({ facet, view, state }: FacetPanelProps & { facet: Facet }) {
  const { choices, chosen } = useChoices(facet, view);
  const [isWhole, setIsWhole] = useState(false);
  const titleId = useId();
  // A facet of one choice narrows nothing.
  if (choices.length === 0 || (choices.length === 1 && chosen.size === 0)) return null;
  const shown = isWhole
    ? choices
    : choices.filter(({ value }, index) => index < FEW || chosen.has(value.toLowerCase()));
  return (
    <section aria-labelledby={titleId} className="facet">
      <h2 id={titleId} className="facet-title">
        {fieldTitle(facet)}
      </h2>
      <ul className="m-0 list-none p-0">
        {shown.map(({ value, devices }) => (
          <li key={value}>
            <label className="facet-choice">
              <input
                type="checkbox"
                className="tick"
                checked={chosen.has(value.toLowerCase())}
                onChange={() => state.put(filterText(toggled(view.filter, facet, value)))}
              />
              <ChoiceText facet={facet} value={value} />
              <span className="ml-auto shrink-0 text-xs text-muted">{integer(devices)}</span>
            </label>
          </li>
        ))}
      </ul>
      {choices.length > FEW && (
        <Button kind="quiet" isSmall aria-expanded={isWhole} onClick={() => setIsWhole(!isWhole)}>
          {isWhole ? t('facetLess') : t('facetMore', { count: choices.length })}
        </Button>
      )}
    </section>
  );
}

function ChoiceText({ facet, value }: { facet: Facet; value: string }) {
  const status = facet === 'status' ? DEVICE_STATUSES.find((one) => one === value) : undefined;
  const text =
    status !== undefined
      ? statusText(status)
      : facet === 'type'
        ? typeText(value)
        : facet === 'system'
          ? systemText(value)
          : value;
  return (
    <>
      {status !== undefined && <StatusShape status={status} />}
      <span className="truncate" title={text}>
        {text}
      </span>
    </>
  );
}
