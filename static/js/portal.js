// Starts the GOV.UK and MoJ components of the page, and saves answers as one types.
import { initAll as startGovuk } from "../build/js/govuk-frontend.js";
import { initAll as startMoj } from "../build/js/moj-frontend.js";
import { keepAnswers } from "./autosave.js";
import { countTicks } from "./bulk.js";
import { adviseOn } from "./smart.js";

startGovuk();
startMoj();
for (const form of document.querySelectorAll("form[data-autosave]")) keepAnswers(form);
for (const form of document.querySelectorAll("form[data-bulk]")) countTicks(form);
for (const form of document.querySelectorAll("form[data-smart]")) adviseOn(form);
