import { config } from "@/server/config";
import { isOwnPage } from "@/server/origin";
import { rpcBridge } from "@/server/rpc-bridge";
import { identify } from "@/server/session";
import { sidecar } from "@/server/sidecar";

const bridge = rpcBridge({ identify, isOwnPage: (request) => isOwnPage(request, config().url), sidecar });

export async function POST(
  request: Request,
  { params }: RouteContext<"/api/rpc/[service]/[method]">,
): Promise<Response> {
  const { service, method } = await params;
  return await bridge(request, `/${service}/${method}`);
}
