import { config } from "@/server/config";
import { isOwnPage } from "@/server/origin";
import { rpcAnswerer } from "@/server/rpc";
import { identify } from "@/server/session";
import { sidecar } from "@/server/sidecar";

export const dynamic = "force-dynamic";

const answer = rpcAnswerer({ identify, sidecar, isOwnPage: (request) => isOwnPage(request, config().url) });

export { answer as DELETE, answer as GET, answer as PATCH, answer as POST, answer as PUT };
