import { server } from "@/server/start";

async function handle(request: Request): Promise<Response> {
  const { auth } = await server();
  return await auth.handler(request);
}

export { handle as GET, handle as POST };
