/** Turns while something is under way. Whoever shows it says so in words, for those who do not see it. */
export function Spinner() {
  return (
    <span
      aria-hidden="true"
      className="inline-block size-4 shrink-0 animate-spin rounded-full border-2 border-current border-e-transparent motion-reduce:animate-pulse"
    />
  );
}
