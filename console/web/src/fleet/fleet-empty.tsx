// An empty place says the next step.

export function EmptyFleet() {
  return (
    <section className="mx-auto mt-12 max-w-2xl rounded-lg border border-line bg-surface p-6">
      <h2 className="m-0 text-base font-semibold">No device is watched yet</h2>
      <p className="mt-2 mb-0 text-muted">
        A relay at a site polls the devices there. Make a token for the site, enrol the relay with it, then name a
        device:
      </p>
      <pre className="m-0 mt-3 rounded bg-ground px-3 py-2 text-[13px] leading-6 break-words whitespace-pre-wrap">
        {'npm run rmm -- site list\n'}
        {'npm run rmm -- relay token --site <site>\n'}
        {'npm run rmm -- device add <name> --site <site> --address <host> --credential <name>'}
      </pre>
      <p className="mt-3 mb-0 text-muted">The device appears here by itself within a minute.</p>
    </section>
  );
}

export function NothingFits({ onClear }: { onClear: () => void }) {
  return (
    <div className="mt-12 text-center text-muted">
      <p>No device fits the filter.</p>
      <button type="button" className="button" onClick={onClear}>
        Show all devices
      </button>
    </div>
  );
}
