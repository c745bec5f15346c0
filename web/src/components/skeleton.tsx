import clsx from "clsx";

/** The place of something that is on its way. It says nothing: the list around it is `aria-busy`. */
export function Skeleton({ className }: { className?: string }) {
  return (
    <span
      aria-hidden="true"
      className={clsx("block animate-pulse rounded bg-hover motion-reduce:animate-none", className ?? "h-4 w-full")}
    />
  );
}
