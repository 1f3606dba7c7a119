// A clock: the sign of what is old.
export function StaleShape() {
  return (
    <svg viewBox="0 0 12 12" aria-hidden="true" className="mr-1 inline size-3 align-[-1px]">
      <circle cx="6" cy="6" r="5" fill="none" stroke="currentColor" strokeWidth="1.3" />
      <path d="M6 3.2V6l2 1.4" fill="none" stroke="currentColor" strokeWidth="1.3" strokeLinecap="round" />
    </svg>
  );
}
