// The place where something will stand. It stays unseen for 200 ms: what is quick needs no sign of waiting.

const ROWS = ['a', 'b', 'c', 'd', 'e', 'f'];

export function SkeletonRows({ label }: { label: string }) {
  return (
    <div className="skeleton" role="status" aria-label={label}>
      {ROWS.map((row) => (
        <div key={row} className="mb-2 h-8 rounded bg-track/60" />
      ))}
    </div>
  );
}

export const SkeletonBlock = ({ className }: { className: string }) => (
  <div aria-hidden="true" className={`skeleton rounded-md bg-track/60 ${className}`} />
);
