import { json } from "@/server/rest/routes";

export const dynamic = "force-dynamic";

/** What no other route answers. */
function notFound(): Response {
  return json(404, { detail: "Not Found" });
}

export { notFound as DELETE, notFound as GET, notFound as PATCH, notFound as POST, notFound as PUT };
