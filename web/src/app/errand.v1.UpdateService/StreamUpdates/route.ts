import { config } from "@/server/config";
import { passStream } from "@/server/stream";

export async function POST(request: Request): Promise<Response> {
  return await passStream(request, config().realtimeUrl);
}
