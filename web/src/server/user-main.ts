// The program `user.js` beside the built app: what an operator does about people, on the app's own database.
import { ConfigError } from "./config";
import { server } from "./start";
import { runUserCommand, UserCommandError } from "./user-command";

try {
  process.stdout.write(`${await runUserCommand(await server(), process.argv.slice(2))}\n`);
  process.exit(0);
} catch (error) {
  // What is not foreseen is shown with where it comes from.
  const foreseen = error instanceof UserCommandError || error instanceof ConfigError;
  process.stderr.write(`error: ${foreseen ? error.message : String(error instanceof Error ? error.stack : error)}\n`);
  process.exit(1);
}
