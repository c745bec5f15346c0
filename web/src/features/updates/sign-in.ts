import { leaveFor } from "@/features/shell/leave";

/** Leaves for the page to sign in on, from where it comes back here. */
export function goToSignIn(): void {
  const here = `${window.location.pathname}${window.location.search}`;
  leaveFor(`/sign-in?next=${encodeURIComponent(here)}`);
}
