// Builds static/build/ from the npm packages: two stylesheets, two ES modules and MoJ's icons.
// Nothing of theirs is committed; crown, crest and GDS Transport are for gov.uk only and stay out.
import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { compile } from "sass";

const moj = "node_modules/@ministryofjustice/frontend/moj";
const govuk = "node_modules/govuk-frontend/dist/govuk";
const target = "static/build";
const fresh = `${target}.new`;

function css(name) {
  const quiet = { warn() {}, debug() {} };
  const { css } = compile(`static/src/${name}.scss`, { loadPaths: ["."], style: "compressed", logger: quiet });
  if (css.includes("GDS Transport")) throw new Error(`${name}.scss still asks for GDS Transport`);
  writeFileSync(`${fresh}/css/${name}.css`, css);
}

function module(file, name) {
  const text = readFileSync(file, "utf8").replace(/\/\/# sourceMappingURL=.*\n?/, "");
  writeFileSync(`${fresh}/js/${name}.js`, text);
}

rmSync(fresh, { recursive: true, force: true });
for (const folder of ["css", "js", "assets/images"]) mkdirSync(`${fresh}/${folder}`, { recursive: true });
css("govuk");
css("moj");
module(`${govuk}/govuk-frontend.min.js`, "govuk-frontend");
module(`${moj}/moj-frontend.min.js`, "moj-frontend");
for (const image of readdirSync(`${moj}/assets/images`).filter((name) => name.startsWith("icon-"))) {
  cpSync(`${moj}/assets/images/${image}`, `${fresh}/assets/images/${image}`);
}
rmSync(target, { recursive: true, force: true });
renameSync(fresh, target);
