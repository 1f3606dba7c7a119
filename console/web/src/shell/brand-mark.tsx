// The product's mark, drawn in the page itself: as a picture of its own it is a document more that the browser opens.

/** The same as public/icon.svg, which is the icon of the tab. */
export function BrandMark({ className }: { className: string }) {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" className={className}>
      <rect width="32" height="32" rx="7" fill="#23405e" />
      <path
        d="M5 18h5l3-8 5 14 3-9 2 3h4"
        fill="none"
        stroke="#8fd0ff"
        strokeWidth="2.6"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
