// No form here is sent anywhere: the app hears of `submit` and does the rest. A frame in somebody's page may not send forms,
// and browsers then do not even say `submit`. So it is said here, whatever pressed the button: a pointer, or Enter in a field.
"use strict";
document.addEventListener("click", (event) => {
  const button = event.target.closest("form button");
  if (button?.type !== "submit" || event.defaultPrevented) return;
  event.preventDefault();
  if (!button.form.reportValidity()) return;
  button.form.dispatchEvent(new SubmitEvent("submit", { bubbles: true, cancelable: true, submitter: button }));
});
