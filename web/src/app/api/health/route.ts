import { ping } from "@/server/database";
import { server } from "@/server/start";

/** Whether requests can be answered: 200 or 503. For whoever starts the app or sends it traffic. */
export async function GET(): Promise<Response> {
  try {
    const { database } = await server();
    await ping(database);
    return Response.json({ status: "healthy" }, { headers: NOT_KEPT });
  } catch {
    return Response.json({ status: "unhealthy" }, { status: 503, headers: NOT_KEPT });
  }
}

const NOT_KEPT = { "cache-control": "no-store" };
