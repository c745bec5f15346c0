import { answerRpc } from "@/server/rpc";

export const dynamic = "force-dynamic";

export { answerRpc as DELETE, answerRpc as GET, answerRpc as PATCH, answerRpc as POST, answerRpc as PUT };
