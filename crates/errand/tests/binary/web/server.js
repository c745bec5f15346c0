// What `errand up` sees of the web app, and no more: it answers, it issues tokens, it keeps a database,
// it writes to the log and it ends when it is told to.
// /process and /token are for the tests.
const crypto = require("node:crypto");
const http = require("node:http");
const { DatabaseSync } = require("node:sqlite");

const { ERRAND_WEB_DATABASE_URL, ERRAND_WEB_URL, HOSTNAME, PORT } = process.env;
const database = new DatabaseSync(ERRAND_WEB_DATABASE_URL.replace("sqlite://", ""));
database.exec("PRAGMA journal_mode = WAL");
database.exec("CREATE TABLE IF NOT EXISTS starts (pid INTEGER)");
database.prepare("INSERT INTO starts VALUES (?)").run(process.pid);

// Another key at each start.
const { publicKey, privateKey } = crypto.generateKeyPairSync("ed25519");
const kid = crypto.randomUUID();

const base64 = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

function token(sub) {
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: ERRAND_WEB_URL, aud: "errand", sub, iat: now, exp: now + 300 };
  const signed = `${base64({ alg: "EdDSA", kid })}.${base64(claims)}`;
  return `${signed}.${crypto.sign(null, Buffer.from(signed), privateKey).toString("base64url")}`;
}

const pages = {
  "/api/health": () => "{}",
  "/api/auth/jwks": () =>
    JSON.stringify({ keys: [{ ...publicKey.export({ format: "jwk" }), kid, alg: "EdDSA" }] }),
  "/token": () => token("ann"),
  "/process": () =>
    JSON.stringify({
      pid: process.pid,
      environment: process.env,
      starts: database.prepare("SELECT pid FROM starts").all().length,
    }),
};

const server = http.createServer((request, response) => {
  const page = pages[request.url];
  response.writeHead(page ? 200 : 404).end(page?.());
});
server.listen(PORT, HOSTNAME, () => console.error("the stand-in listens"));
process.on("SIGTERM", () => {
  console.error("the stand-in ends in order");
  server.close(() => process.exit(0));
});
