import { defineConfig } from "rolldown";

/** `user.js`: a program of the server's own modules that runs without Next.js. */
export default defineConfig({
  input: "src/server/user-main.ts",
  platform: "node",
  // `server-only` is empty for a server.
  resolve: { alias: { "@": "./src" }, conditionNames: ["react-server", "node"] },
  // A faster driver, which `pg` takes if somebody installed it.
  external: ["pg-native"],
  output: { format: "esm", codeSplitting: false },
});
