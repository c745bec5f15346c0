import { PageLoading } from "@/features/shell/page-loading";

export default function AppLoading() {
  return <PageLoading />;
}
