// What `errand user` runs: it says what it was given.
const { ERRAND_WEB_DATABASE_URL, ERRAND_WEB_URL } = process.env;
console.log(JSON.stringify({ arguments: process.argv.slice(2), ERRAND_WEB_DATABASE_URL, ERRAND_WEB_URL }));
process.exit(process.argv[3] === "nobody@example.org" ? 1 : 0);
