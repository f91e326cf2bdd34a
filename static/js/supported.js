// A classic script at the start of the body, before anything is drawn: tells the stylesheets
// and components that scripts run here. Only browsers that know modules get the classes.
if ("noModule" in HTMLScriptElement.prototype) {
  document.body.classList.add("js-enabled", "govuk-frontend-supported");
}
