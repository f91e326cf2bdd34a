// Starts the GOV.UK and MoJ components of the page.
import { initAll as startGovuk } from "../build/js/govuk-frontend.js";
import { initAll as startMoj } from "../build/js/moj-frontend.js";

startGovuk();
startMoj();
