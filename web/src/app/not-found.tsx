import { PageNotFound } from "@/features/shell/page-not-found";

export default function NotFound() {
  return <PageNotFound />;
}
