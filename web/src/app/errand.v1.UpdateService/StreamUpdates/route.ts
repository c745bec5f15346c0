import { config } from "@/server/config";
import { json } from "@/server/rest/routes";
import { passStream } from "@/server/stream";

export async function POST(request: Request): Promise<Response> {
  return await passStream(request, config().realtimeUrl);
}

function methodNotAllowed(): Response {
  return json(405, { detail: "Method Not Allowed" }, { allow: "POST" });
}

export { methodNotAllowed as DELETE, methodNotAllowed as GET, methodNotAllowed as PATCH, methodNotAllowed as PUT };
