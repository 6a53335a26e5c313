/** The mark beside the product's name. */
export function Logo({ className = "size-7" }: { className?: string }) {
  return (
    <svg aria-hidden="true" viewBox="0 0 64 64" className={className}>
      <rect width="64" height="64" rx="14" fill="#4338ca" />
      <path d="M14 44h8V30h-8zm14 0h8V18h-8zm14 0h8V36h-8z" fill="#fff" />
      <path
        d="M13 24 25 14l12 6 14-8"
        fill="none"
        stroke="#a9a6ff"
        strokeWidth="3.5"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
